/* SPDX-License-Identifier: MIT */
/*
 * What is done to open files: descriptors, locks, control, folders' entries.
 * Small structures are copied through the shim's stack, because a lease for
 * both directions would ask for writable memory where Linux only reads.
 */
#include <glenda/gopher_client.h>

#include "calls.h"
#include "file_call.h"
#include "linux.h"
#include "memory.h"
#include "signal.h"
#include "user.h"

enum {
	F_DUPFD = 0,
	F_GETLK = 5,
	F_SETLK = 6,
	F_SETLKW = 7,
	F_OFD_GETLK = 36,
	F_OFD_SETLK = 37,
	F_OFD_SETLKW = 38,
	F_DUPFD_CLOEXEC = 1030,
};

#define FLOCK_BYTES 32 /* struct flock */
#define DENTS_MAX (UINT64_C(1) << 20)
#define ALL_FILES UINT32_MAX

enum {
	DUP_LOWEST = 0,
	DUP_EXACT = 1,
};

static int64_t
duplicate(uint64_t fd, uint32_t kind, uint64_t number, uint32_t flags)
{
	uint32_t new_fd;
	status_t status = gopher_dup(CAP_GOPHER, fd_word(fd), kind,
		(uint32_t)number, flags, &new_fd);

	return status < 0 ? line_errno(status) : (int64_t)new_fd;
}

int64_t
sys_dup(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	return duplicate(args[0], DUP_LOWEST, 0, 0);
}

int64_t
sys_dup3(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	if ((uint32_t)args[0] == (uint32_t)args[1] ||
		(uint32_t)args[2] & ~(uint32_t)O_CLOEXEC)
		return -EINVAL;
	return duplicate(args[0], DUP_EXACT, args[1], (uint32_t)args[2]);
}

/* Record locks: struct flock goes in and comes out. */
static int64_t
control_lock(struct line_thread *thread, const uint64_t *args)
{
	uint64_t lock[FLOCK_BYTES / 8];
	uint32_t command = (uint32_t)args[1];
	status_t status;

	if (user_read(lock, args[2], sizeof(lock)) < 0)
		return -EFAULT;
	status = gopher_fcntl(CAP_GOPHER, fd_word(args[0]), command, 0, lock,
		sizeof(lock), NULL);
	if (status < 0)
		return file_failed(thread, status);
	if ((command == F_GETLK || command == F_OFD_GETLK) &&
		user_write(args[2], lock, sizeof(lock)) < 0)
		return -EFAULT;
	return 0;
}

int64_t
sys_fcntl(struct line_thread *thread, const uint64_t *args)
{
	uint64_t value;
	status_t status;

	switch ((uint32_t)args[1]) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		if ((int32_t)args[2] < 0)
			return -EINVAL;
		return duplicate(args[0], DUP_LOWEST, args[2],
			args[1] == F_DUPFD ? 0 : O_CLOEXEC);
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
	case F_OFD_GETLK:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		return control_lock(thread, args);
	}
	status = gopher_fcntl(CAP_GOPHER, fd_word(args[0]), (uint32_t)args[1],
		args[2], NULL, 0, &value);
	return status < 0 ? file_failed(thread, status) : (int64_t)value;
}

/* How much an ioctl reads (`in`) and writes at its argument, in bytes. */
struct control {
	uint16_t command;
	uint8_t in;
	uint8_t out;
};

#define CONTROL_MAX 64
#define TERMIOS 36 /* struct termios of the kernel */

static const struct control controls[] = {
	{0x5401, 0, TERMIOS}, /* TCGETS */
	{0x5402, TERMIOS, 0}, /* TCSETS, TCSETSW, TCSETSF */
	{0x5403, TERMIOS, 0}, {0x5404, TERMIOS, 0},
	{0x540f, 0, 4}, /* TIOCGPGRP */
	{0x5410, 4, 0}, /* TIOCSPGRP */
	{0x5411, 0, 4}, /* TIOCOUTQ */
	{0x5412, 1, 0}, /* TIOCSTI */
	{0x5413, 0, 8}, /* TIOCGWINSZ */
	{0x5414, 8, 0}, /* TIOCSWINSZ */
	{0x541b, 0, 4}, /* FIONREAD */
	{0x5421, 4, 0}, /* FIONBIO */
	{0x5424, 0, 4}, /* TIOCGETD */
	{0x5429, 0, 4}, /* TIOCGSID */
	{0x5452, 4, 0}, /* FIOASYNC */
};

/* Others carry sizes and directions in the number, or have no structure. */
static struct control
control_of(uint32_t command)
{
	struct control c = {0};
	uint32_t size = command >> 16 & 0x3fff;

	for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++) {
		if (controls[i].command == command)
			return controls[i];
	}
	if (size <= CONTROL_MAX) {
		c.in = command >> 30 & 1 ? (uint8_t)size : 0;
		c.out = command >> 31 ? (uint8_t)size : 0;
	}
	return c;
}

/* Whether SIGTTOU would not stop the caller: Gopher cannot see that. */
static uint64_t
unstoppable(struct line_thread *thread)
{
	uint64_t hidden =
		line_utcb(thread)->user[USER_MASK] | thread->process->ignored;

	return hidden & SIGNAL_BIT(SIGTTOU) ? GOPHER_TTY_UNSTOPPABLE : 0;
}

int64_t
sys_ioctl(struct line_thread *thread, const uint64_t *args)
{
	struct control c = control_of((uint32_t)args[1]);
	size_t length = c.in > c.out ? c.in : c.out;
	uint8_t data[CONTROL_MAX];
	uint64_t value;
	status_t status;

	memset(data, 0, length);
	if (c.in && user_read(data, args[2], c.in) < 0)
		return -EFAULT;
	status = gopher_ioctl(CAP_GOPHER, fd_word(args[0]), (uint32_t)args[1],
		c.in ? unstoppable(thread) : args[2], data, length, &value);
	if (status < 0)
		return file_failed(thread, status);
	if (c.out && user_write(args[2], data, c.out) < 0)
		return -EFAULT;
	return (int64_t)(int32_t)value;
}

int64_t
sys_flock(struct line_thread *thread, const uint64_t *args)
{
	return file_result(thread,
		gopher_flock(CAP_GOPHER, fd_word(args[0]), (uint32_t)args[1]));
}

int64_t
sys_pipe2(struct line_thread *thread, const uint64_t *args)
{
	uint32_t fds[2];
	status_t status;

	(void)thread;
	status = gopher_pipe(CAP_GOPHER, (uint32_t)args[1], &fds[0], &fds[1]);
	if (status < 0)
		return line_errno(status);
	if (user_write(args[0], fds, sizeof(fds)) < 0) {
		gopher_close(CAP_GOPHER, fds[0]);
		gopher_close(CAP_GOPHER, fds[1]);
		return -EFAULT;
	}
	return 0;
}

static int64_t
synchronize(uint32_t fd)
{
	return line_errno(gopher_sync(CAP_GOPHER, fd));
}

int64_t
sys_fsync(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	return synchronize(fd_word(args[0]));
}

int64_t
sys_fdatasync(struct line_thread *thread, const uint64_t *args)
{
	return sys_fsync(thread, args);
}

int64_t
sys_syncfs(struct line_thread *thread, const uint64_t *args)
{
	return sys_fsync(thread, args);
}

int64_t
sys_sync_file_range(struct line_thread *thread, const uint64_t *args)
{
	enum { FLAGS = 7 };

	if ((int64_t)args[1] < 0 || (int64_t)args[2] < 0 ||
		args[3] & ~(uint64_t)FLAGS)
		return -EINVAL;
	return sys_fsync(thread, args);
}

int64_t
sys_sync(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	(void)args;
	return synchronize(ALL_FILES);
}

int64_t
sys_fallocate(struct line_thread *thread, const uint64_t *args)
{
	if ((int64_t)args[2] < 0 || (int64_t)args[3] <= 0)
		return -EINVAL;
	return file_result(thread,
		gopher_allocate(CAP_GOPHER, fd_word(args[0]), (uint32_t)args[1],
			args[2], args[3]));
}

int64_t
sys_ftruncate(struct line_thread *thread, const uint64_t *args)
{
	status_t status;

	if ((int64_t)args[1] < 0)
		return -EINVAL;
	status =
		gopher_truncate(CAP_GOPHER, fd_word(args[0]), args[1], NULL, 0);

	return status < 0 ? write_failed(thread, status) : 0;
}

/* Advice about a descriptor: taken by checking it; there is nothing to win. */
static int64_t
advise(uint64_t fd)
{
	uint64_t position;
	status_t status;

	status = gopher_seek(CAP_GOPHER, fd_word(fd), 0, 1, &position);
	return status < 0 ? line_errno(status) : 0;
}

int64_t
sys_fadvise64(struct line_thread *thread, const uint64_t *args)
{
	enum { LAST_ADVICE = 5 };

	(void)thread;
	if ((int32_t)args[3] < 0 || (int32_t)args[3] > LAST_ADVICE ||
		(int64_t)args[2] < 0)
		return -EINVAL;
	return advise(args[0]);
}

int64_t
sys_readahead(struct line_thread *thread, const uint64_t *args)
{
	int64_t result = advise(args[0]);

	(void)thread;
	return result == -ESPIPE ? -EINVAL : result;
}

int64_t
sys_getdents64(struct line_thread *thread, const uint64_t *args)
{
	uint64_t length = (uint32_t)args[2];
	size_t count;
	status_t status;

	if (length == 0)
		return -EINVAL;
	if (length > DENTS_MAX)
		length = DENTS_MAX;
	status = gopher_getdents(
		CAP_GOPHER, fd_word(args[0]), (void *)args[1], length, &count);
	return status < 0 ? file_failed(thread, status) : (int64_t)count;
}

/* A file without a name in /tmp. Seals are not supported. */
int64_t
sys_memfd_create(struct line_thread *thread, const uint64_t *args)
{
	enum { MFD_CLOEXEC = 1, NAME_MAX_BYTES = 249 };
	int64_t length = user_length(args[0], NAME_MAX_BYTES + 1);
	uint32_t fd;
	status_t status;

	(void)thread;
	if (length < 0)
		return length;
	if (length > NAME_MAX_BYTES || args[1] & ~(uint64_t)MFD_CLOEXEC)
		return -EINVAL;
	status = gopher_memory_file(
		CAP_GOPHER, args[1] & MFD_CLOEXEC ? O_CLOEXEC : 0, &fd);
	return status < 0 ? line_errno(status) : (int64_t)fd;
}
