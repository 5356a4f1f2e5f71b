/* SPDX-License-Identifier: MIT */
/* The system as a whole, random bytes, and what is asked of nobody else. */
#include <glenda/factotum_client.h>
#include <glenda/gopher_client.h>

#include "calls.h"
#include "clock.h"
#include "file_call.h"
#include "memory.h"
#include "user.h"

#define NAME_BYTES 65 /* a field of struct utsname */

enum {
	NAME_SYSTEM,
	NAME_NODE,
	NAME_RELEASE,
	NAME_VERSION,
	NAME_MACHINE,
	NAME_DOMAIN,
	NAME_COUNT,
};

/* The release is that of the interface, as /proc/version has it. */
int64_t
sys_uname(struct line_thread *thread, const uint64_t *args)
{
	static const char text[NAME_COUNT][NAME_BYTES] = {
		[NAME_SYSTEM] = "Linux",
		[NAME_NODE] = "glenda",
		[NAME_RELEASE] = "6.12.0-glenda",
		[NAME_VERSION] = "#1 SMP Glenda",
		[NAME_MACHINE] = ARCH_MACHINE,
		[NAME_DOMAIN] = "(none)",
	};

	(void)thread;
	return user_write(args[0], text, sizeof(text));
}

struct linux_sysinfo {
	int64_t uptime;
	uint64_t loads[3];
	uint64_t total;
	uint64_t free;
	uint64_t shared;
	uint64_t buffers;
	uint64_t swap_total;
	uint64_t swap_free;
	uint16_t processes;
	uint16_t pad;
	uint64_t high_total;
	uint64_t high_free;
	uint32_t unit;
};

_Static_assert(sizeof(struct linux_sysinfo) == 112, "struct sysinfo");

int64_t
sys_sysinfo(struct line_thread *thread, const uint64_t *args)
{
	struct linux_sysinfo info;
	uint32_t processes;
	status_t status;

	memset(&info, 0, sizeof(info));
	status = factotum_system_info(CAP_FACTOTUM, &info.total, &info.free,
		&processes, NULL, NULL, NULL, NULL);
	if (status < 0)
		return line_errno(status);
	info.uptime = clock_span(thread->process, clock_ticks()).seconds;
	info.processes = (uint16_t)processes;
	info.unit = 1;
	return user_write(args[0], &info, sizeof(info));
}

#define RANDOM_MAX 33554431 /* what Linux gives at once */

/* Gopher's generator never lacks entropy, so all flags mean the same. */
int64_t
sys_getrandom(struct line_thread *thread, const uint64_t *args)
{
	enum { NONBLOCK = 1, RANDOM = 2, INSECURE = 4, KNOWN = 7, STEP = 4096 };
	uint64_t count = args[1] < RANDOM_MAX ? args[1] : RANDOM_MAX;
	uint64_t done = 0, step;
	status_t status;

	(void)thread;
	if (args[2] & ~(uint64_t)KNOWN ||
		(args[2] & RANDOM && args[2] & INSECURE))
		return -EINVAL;
	for (; done < count; done += step) {
		step = count - done < STEP ? count - done : STEP;
		status = gopher_random(
			CAP_GOPHER, (void *)(args[0] + done), step);
		if (status < 0)
			return done ? (int64_t)done : line_errno(status);
	}
	return (int64_t)done;
}

/* One processor: what it answers cannot be out of date. */
int64_t
sys_getcpu(struct line_thread *thread, const uint64_t *args)
{
	const uint32_t zero = 0;

	(void)thread;
	if (args[0] && user_write(args[0], &zero, sizeof(zero)) < 0)
		return -EFAULT;
	if (args[1] && user_write(args[1], &zero, sizeof(zero)) < 0)
		return -EFAULT;
	return 0;
}

/* Only Linux's own personality, without any of its variations. */
int64_t
sys_personality(struct line_thread *thread, const uint64_t *args)
{
	const uint32_t ask = UINT32_MAX;

	(void)thread;
	return args[0] == 0 || (uint32_t)args[0] == ask ? 0 : -EINVAL;
}

#define NAME_MOST 15 /* of a thread's name */

static int64_t
set_name(uint64_t address)
{
	uint64_t name[2] = {0, 0};
	char *text = (char *)name;
	int64_t length = user_length(address, sizeof(name) - 1);

	if (length < 0 || user_read(text, address, (size_t)length) < 0)
		return -EFAULT;
	return line_errno(factotum_set_name(CAP_FACTOTUM, name[0], name[1]));
}

/* /proc has the name of the first thread, with a line feed. */
static int64_t
get_name(uint64_t address)
{
	static const char path[] = "/proc/self/comm";
	char name[32];
	size_t length = 0;
	uint32_t fd;
	status_t status;

	status = gopher_open(CAP_GOPHER, 0, O_RDONLY | O_CLOEXEC, 0, 0, path,
		sizeof(path) - 1, &fd);
	if (status < 0)
		return -EINVAL;
	status = gopher_read(
		CAP_GOPHER, fd, 0, sizeof(name), NULL, 0, 0, name, &length);
	gopher_close(CAP_GOPHER, fd);
	if (status < 0 || length == 0)
		return -EINVAL;
	memset(name + length - 1, 0, sizeof(name) - length + 1);
	name[NAME_MOST] = '\0';
	return user_write(address, name, NAME_MOST + 1);
}

int64_t
sys_prctl(struct line_thread *thread, const uint64_t *args)
{
	enum {
		PR_GET_DUMPABLE = 3,
		PR_SET_NAME = 15,
		PR_GET_NAME = 16,
	};

	(void)thread;
	switch ((uint32_t)args[0]) {
	case PR_SET_NAME:
		return set_name(args[1]);
	case PR_GET_NAME:
		return get_name(args[1]);
	case PR_GET_DUMPABLE: /* there are no core dumps */
		return 0;
	}
	return -EINVAL;
}

/* A process's own namespace or table cannot be split off later. */
int64_t
sys_unshare(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	return args[0] == 0 ? 0 : -EINVAL;
}

/* What belongs to the machine's owner, who is not inside. */
int64_t
sys_not_permitted(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	(void)args;
	return -EPERM;
}

/* Only the kernel makes this call, for itself, and here it never does. */
int64_t
sys_restart_syscall(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	(void)args;
	return -EINTR;
}
