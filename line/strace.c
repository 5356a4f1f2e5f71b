/* SPDX-License-Identifier: MIT */
/*
 * Lines of text about system calls:
 *
 *   [12] openat(AT_FDCWD, "/etc/passwd", 0x8000, 0) = -2 ENOENT
 *
 * They go to the stream of errors of the run, or to the console, through a
 * descriptor that is opened for each line: the program's own table of
 * descriptors, which it may close or fill as it likes, stays as it was.
 */
#include "strace.h"

#include <glenda/gopher_client.h>

#include "calls.h"
#include "linux.h"
#include "user.h"

#define LINE_BYTES 400
#define TEXT_BYTES 48 /* of a string argument */

static const struct strace_form forms[] = {
	{sys_openat, "fsxo"},
	{sys_read, "dxd"},
	{sys_write, "dbd"},
	{sys_pread64, "dxdd"},
	{sys_pwrite64, "dbdd"},
	{sys_newfstatat, "fsxx"},
	{sys_statx, "fsxxx"},
	{sys_statfs, "sx"},
	{sys_mkdirat, "fso"},
	{sys_mknodat, "fsox"},
	{sys_unlinkat, "fsx"},
	{sys_symlinkat, "sfs"},
	{sys_linkat, "fsfsx"},
	{sys_renameat2, "fsfsx"},
	{sys_readlinkat, "fsxd"},
	{sys_truncate, "sd"},
	{sys_faccessat, "fso"},
	{sys_faccessat2, "fsox"},
	{sys_fchmod, "do"},
	{sys_fchmodat, "fso"},
	{sys_fchownat, "fsddx"},
	{sys_utimensat, "fsxx"},
	{sys_chdir, "s"},
	{sys_chroot, "s"},
	{sys_execve, "sxx"},
	{sys_execveat, "fsxxx"},
	{sys_umask, "o"},
	{sys_kill, "dS"},
	{sys_tkill, "dS"},
	{sys_tgkill, "ddS"},
	{sys_rt_sigaction, "Sxxd"},
	{sys_mmap, "xdxxdx"},
	{sys_munmap, "xd"},
	{sys_mprotect, "xdx"},
	{sys_mremap, "xddxx"},
	{sys_brk, "x"},
	{sys_exit_group, "d"},
	{sys_lseek, "ddd"},
	{sys_ioctl, "dxx"},
	{sys_wait4, "dxxx"},
	{sys_mount, "ssxxx"},
	{sys_umount2, "sx"},
	{sys_getxattr, "ssxd"},
	{sys_lgetxattr, "ssxd"},
	{sys_fgetxattr, "dsxd"},
	{sys_listxattr, "sxd"},
	{sys_llistxattr, "sxd"},
	{sys_setxattr, "ssxdx"},
	{sys_lsetxattr, "ssxdx"},
	{NULL, ""},
};

static const char *const signals[] = {
	"0",
	"SIGHUP",
	"SIGINT",
	"SIGQUIT",
	"SIGILL",
	"SIGTRAP",
	"SIGABRT",
	"SIGBUS",
	"SIGFPE",
	"SIGKILL",
	"SIGUSR1",
	"SIGSEGV",
	"SIGUSR2",
	"SIGPIPE",
	"SIGALRM",
	"SIGTERM",
	"SIGSTKFLT",
	"SIGCHLD",
	"SIGCONT",
	"SIGSTOP",
	"SIGTSTP",
	"SIGTTIN",
	"SIGTTOU",
	"SIGURG",
	"SIGXCPU",
	"SIGXFSZ",
	"SIGVTALRM",
	"SIGPROF",
	"SIGWINCH",
	"SIGIO",
	"SIGPWR",
	"SIGSYS",
};

#define ERRNO(name) [name] = #name

static const char *const errnos[] = {
	ERRNO(EPERM),
	ERRNO(ENOENT),
	ERRNO(ESRCH),
	ERRNO(EINTR),
	ERRNO(EIO),
	ERRNO(ENXIO),
	ERRNO(E2BIG),
	ERRNO(ENOEXEC),
	ERRNO(EBADF),
	ERRNO(ECHILD),
	ERRNO(EAGAIN),
	ERRNO(ENOMEM),
	ERRNO(EACCES),
	ERRNO(EFAULT),
	ERRNO(EBUSY),
	ERRNO(EEXIST),
	ERRNO(EXDEV),
	ERRNO(ENODEV),
	ERRNO(ENOTDIR),
	ERRNO(EISDIR),
	ERRNO(EINVAL),
	ERRNO(ENFILE),
	ERRNO(EMFILE),
	ERRNO(ENOTTY),
	ERRNO(ETXTBSY),
	ERRNO(EFBIG),
	ERRNO(ENOSPC),
	ERRNO(ESPIPE),
	ERRNO(EROFS),
	ERRNO(EMLINK),
	ERRNO(EPIPE),
	ERRNO(EDOM),
	ERRNO(ERANGE),
	ERRNO(EDEADLK),
	ERRNO(ENAMETOOLONG),
	ERRNO(ENOLCK),
	ERRNO(ENOSYS),
	ERRNO(ENOTEMPTY),
	ERRNO(ELOOP),
	ERRNO(ENODATA),
	ERRNO(EOVERFLOW),
	ERRNO(EOPNOTSUPP),
	ERRNO(EAFNOSUPPORT),
	ERRNO(ETIMEDOUT),
};

struct text {
	size_t used;
	char bytes[LINE_BYTES];
};

static void
put_char(struct text *t, char c)
{
	/* One place stays free for the end of the line. */
	if (t->used < sizeof(t->bytes) - 1)
		t->bytes[t->used++] = c;
}

static void
put_string(struct text *t, const char *s)
{
	while (*s)
		put_char(t, *s++);
}

static void
put_digits(struct text *t, uint64_t value, unsigned base)
{
	char digits[24];
	unsigned count = 0;

	do {
		digits[count++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	while (count > 0)
		put_char(t, digits[--count]);
}

static void
put_number(struct text *t, int64_t value)
{
	if (value < 0)
		put_char(t, '-');
	put_digits(t, value < 0 ? -(uint64_t)value : (uint64_t)value, 10);
}

static void
put_hex(struct text *t, uint64_t value)
{
	put_string(t, value ? "0x" : "0");
	if (value)
		put_digits(t, value, 16);
}

static void
put_quoted(struct text *t, uint64_t address, size_t length, bool more)
{
	char bytes[TEXT_BYTES];

	if (user_read(bytes, address, length) < 0) {
		put_hex(t, address);
		return;
	}
	put_char(t, '"');
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c == '\n') {
			put_string(t, "\\n");
		} else if (c < ' ' || c == 0x7f) {
			put_char(t, '\\');
			put_digits(t, c, 8);
		} else {
			if (c == '"' || c == '\\')
				put_char(t, '\\');
			put_char(t, (char)c);
		}
	}
	put_string(t, more ? "\"..." : "\"");
}

static void
put_path(struct text *t, uint64_t address)
{
	int64_t length = user_length(address, TEXT_BYTES);

	if (address == 0)
		put_string(t, "NULL");
	else if (length < 0)
		put_hex(t, address);
	else
		put_quoted(t, address, (size_t)length, length == TEXT_BYTES);
}

static void
put_bytes(struct text *t, uint64_t address, uint64_t count)
{
	size_t length = count < TEXT_BYTES ? count : TEXT_BYTES;

	put_quoted(t, address, length, count > TEXT_BYTES);
}

/* Small numbers, and small negative ones, are decimal. */
static void
put_plain(struct text *t, uint64_t value)
{
	if (value + 4096 < 4096 + 65536)
		put_number(t, (int64_t)value);
	else
		put_hex(t, value);
}

static void
put_argument(struct text *t, char form, const uint64_t *args)
{
	switch (form) {
	case 'd':
		put_number(t, (int64_t)args[0]);
		return;
	case 'x':
		put_hex(t, args[0]);
		return;
	case 'o':
		put_string(t, "0");
		put_digits(t, (uint32_t)args[0], 8);
		return;
	case 'f':
		if ((int32_t)args[0] == AT_FDCWD)
			put_string(t, "AT_FDCWD");
		else
			put_number(t, (int32_t)args[0]);
		return;
	case 's':
		put_path(t, args[0]);
		return;
	case 'b':
		put_bytes(t, args[0], args[1]);
		return;
	case 'S':
		if (args[0] < sizeof(signals) / sizeof(signals[0]))
			put_string(t, signals[args[0]]);
		else
			put_number(t, (int64_t)args[0]);
		return;
	}
	put_plain(t, args[0]);
}

static const char *
form_in(const struct strace_form *forms_of, line_call *call)
{
	while (forms_of->call && forms_of->call != call)
		forms_of++;
	return forms_of->arguments;
}

static const char *
form_of(line_call *call)
{
	const char *form = form_in(forms, call);

	return *form ? form : form_in(strace_forms_arch, call);
}

static void
put_result(struct text *t, int64_t result)
{
	put_string(t, ") = ");
	if (result <= RESTART_SYS && result >= RESTART_BLOCK) {
		put_string(t, "? interrupted");
		return;
	}
	put_plain(t, (uint64_t)result);
	if (result >= 0 ||
		-result >= (int64_t)(sizeof(errnos) / sizeof(char *)))
		return;
	if (errnos[-result]) {
		put_char(t, ' ');
		put_string(t, errnos[-result]);
	}
}

static bool
send_to(const struct text *t, const char *path, size_t length)
{
	uint32_t fd;
	status_t status;

	if (gopher_open(CAP_GOPHER, 0, O_WRONLY | O_CLOEXEC, 0, 0, path, length,
		    &fd) < 0)
		return false;
	status = gopher_write(
		CAP_GOPHER, fd, -1, t->used, t->bytes, t->used, 0, NULL, NULL);
	gopher_close(CAP_GOPHER, fd);
	return status >= 0;
}

static void
text_send(struct text *t)
{
	static const char stream[] = "/dev/stream1";
	static const char console[] = "/dev/console";

	t->bytes[t->used++] = '\n';
	if (!send_to(t, stream, sizeof(stream) - 1))
		send_to(t, console, sizeof(console) - 1);
}

static void
put_call(struct text *t, struct line_thread *thread,
	const struct line_entry *entry, const uint64_t *args)
{
	const char *form = form_of(entry->call);
	uint64_t shown[STRACE_ARGUMENTS + 1];

	/* Some calls change registers: then what was there is kept. */
	for (unsigned i = 0; i < STRACE_ARGUMENTS; i++)
		shown[i] = args[i];
	if (REG_RESULT == REG_ARGS)
		shown[0] = thread->replaced;
	shown[STRACE_ARGUMENTS] = 0;
	t->used = 0;
	put_char(t, '[');
	put_number(t, thread->tid);
	put_string(t, "] ");
	put_string(t, entry->name);
	put_char(t, '(');
	for (unsigned i = 0; i < entry->count; i++) {
		if (i > 0)
			put_string(t, ", ");
		put_argument(t, *form ? *form++ : 0, &shown[i]);
	}
}

/* Calls that do not come back, or come back to another program. */
static bool
is_last(line_call *call)
{
	return call == sys_exit || call == sys_exit_group ||
		call == sys_execve || call == sys_execveat;
}

void
line_strace_before(struct line_thread *thread, const struct line_entry *entry,
	const uint64_t *args)
{
	struct text t;

	if (!is_last(entry->call))
		return;
	put_call(&t, thread, entry, args);
	put_string(&t, ") = ?");
	text_send(&t);
}

void
line_strace(struct line_thread *thread, const struct line_entry *entry,
	const uint64_t *args, int64_t result)
{
	struct text t;

	/* The memory that an exec's arguments were in is gone. */
	if (is_last(entry->call) && result >= 0)
		return;
	put_call(&t, thread, entry, args);
	put_result(&t, result);
	text_send(&t);
}

int64_t
line_unknown(struct line_thread *thread, uint64_t number, const uint64_t *args)
{
	const struct line_entry nameless = {"?", NULL, STRACE_ARGUMENTS};
	const struct line_entry *entry = &nameless;

	if (number < line_table_size && line_table[number].name)
		entry = &line_table[number];
	if (thread->process->strace)
		line_strace(thread, entry, args, -ENOSYS);
	return -ENOSYS;
}
