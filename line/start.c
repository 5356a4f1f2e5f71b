/* SPDX-License-Identifier: MIT */
/*
 * The first Linux process of a session.
 *
 * 9Ball starts the shim itself as a program (docs/contract.md, section 4):
 * arguments are options of the form name=value, then "--", then the program
 * and its arguments. The shim makes its process page, announces itself to
 * Factotum, Tux and Gopher, opens the standard streams, and execs.
 */
#include <glenda/factotum_client.h>
#include <glenda/gopher_client.h>
#include <glenda/start.h>
#include <glenda/tux_client.h>

#include "entry.h"
#include "exec.h"
#include "frame.h"
#include "kit.h"
#include "linux.h"
#include "memory.h"
#include "signal.h"

#define STATUS_NOT_EXECUTABLE 126
#define STATUS_NOT_THERE 127
#define STATUS_GLENDA 125

enum {
	TIOCSCTTY = 0x540e,
	TIOCSWINSZ = 0x5414,
	WINDOW_SIZE_BYTES = 8,
};

#define VECTOR_MAX 256

struct options {
	uint32_t uid;
	uint16_t rows, columns;
	bool tty;
	bool strace;
	const char *cwd;
};

static uint32_t
number(const char *text)
{
	uint32_t value = 0;

	while (*text >= '0' && *text <= '9')
		value = value * 10 + (uint32_t)(*text++ - '0');
	return value;
}

/* The value if the text is "name=value". */
static const char *
value_of(const char *text, const char *name)
{
	size_t length = strlen(name);

	return memcmp(text, name, length) == 0 && text[length] == '='
		? text + length + 1
		: NULL;
}

static void
take_option(struct options *o, const char *text)
{
	const char *value;

	if ((value = value_of(text, "tty")))
		o->tty = *value == '1';
	else if ((value = value_of(text, "strace")))
		o->strace = *value == '1';
	else if ((value = value_of(text, "uid")))
		o->uid = number(value);
	else if ((value = value_of(text, "rows")))
		o->rows = (uint16_t)number(value);
	else if ((value = value_of(text, "columns")))
		o->columns = (uint16_t)number(value);
	else if ((value = value_of(text, "cwd")))
		o->cwd = value;
}

static _Noreturn void
end(uint32_t status)
{
	factotum_exit(CAP_FACTOTUM, status << 8);
	line_crash(0);
}

static void
print(const char *text)
{
	size_t length = strlen(text);

	gopher_write(CAP_GOPHER, 2, -1, length, text, length, 0, NULL, NULL);
}

static _Noreturn void
fail(const char *what, const char *why, uint32_t status)
{
	print("glenda: ");
	print(what);
	print(": ");
	print(why);
	print("\n");
	end(status);
}

static const char *
exec_error(int64_t error)
{
	switch (-error) {
	case ENOENT:
		return "no such file";
	case EACCES:
		return "not executable";
	case ENOEXEC:
		return "not a program that this machine can run";
	case ENOMEM:
		return "not enough memory";
	case E2BIG:
		return "arguments too long";
	case ELOOP:
		return "too many links or interpreters";
	default:
		return "cannot be started";
	}
}

static struct line_process *
make_process(const struct start_info *info)
{
	struct line_process *process = (void *)(uintptr_t)LINE_PROCESS;
	const struct line_action none = {0};

	if (factotum_mmap(CAP_FACTOTUM, LINE_PROCESS, PAGE_BYTES,
		    FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE,
		    FACTOTUM_MAP_PRIVATE | FACTOTUM_MAP_ANONYMOUS |
			    FACTOTUM_MAP_FIXED | FACTOTUM_MAP_SHIM |
			    FACTOTUM_MAP_POPULATE,
		    0, 0, NULL) < 0)
		end(STATUS_GLENDA);
	process->clock_frequency = info->clock_frequency;
	process->clock_epoch = info->clock_epoch;
	registers_measure(process);
	for (unsigned i = 1; i <= SIGNAL_COUNT; i++)
		signal_action_set(process, i, &none);
	return process;
}

static uint32_t
open_stream(const char *path, uint32_t flags)
{
	uint32_t fd = UINT32_MAX;

	if (gopher_open(CAP_GOPHER, (uint32_t)AT_FDCWD, flags, 0, 0, path,
		    strlen(path), &fd) < 0)
		end(STATUS_GLENDA);
	return fd;
}

static void
open_terminal(const struct options *o)
{
	uint16_t size[4] = {o->rows, o->columns, 0, 0};
	uint32_t fd = open_stream("/dev/console", O_RDWR | O_NOCTTY);

	gopher_ioctl(CAP_GOPHER, fd, TIOCSCTTY, 0, NULL, 0, NULL);
	if (o->rows && o->columns)
		gopher_ioctl(CAP_GOPHER, fd, TIOCSWINSZ, 0, size,
			WINDOW_SIZE_BYTES, NULL);
	gopher_dup(CAP_GOPHER, fd, 1, 1, 0, NULL);
	gopher_dup(CAP_GOPHER, fd, 1, 2, 0, NULL);
}

static void
open_streams(void)
{
	open_stream("/dev/stream0", O_RDONLY);
	open_stream("/dev/stream0", O_WRONLY);
	open_stream("/dev/stream1", O_WRONLY);
}

/* Pointers to strings that stand one after the other, then NULL. */
static void
make_vector(const struct start_info *info, uint64_t offset, uint64_t count,
	const char **vector)
{
	const char *text = (const char *)info + offset;

	if (count > VECTOR_MAX)
		end(STATUS_GLENDA);
	for (uint64_t i = 0; i < count; i++) {
		vector[i] = text;
		text += strlen(text) + 1;
	}
	vector[count] = NULL;
}

/* A name without a slash is looked for in PATH's folders, as a shell does. */
static int64_t
exec_by_name(struct line_thread *thread, const char **argv, const char **envp)
{
	struct exec_request request = {
		.dirfd = (uint32_t)AT_FDCWD,
		.path = (uintptr_t)argv[0],
		.argv = (uintptr_t)argv,
		.envp = (uintptr_t)envp,
	};
	const char *folders = "/bin:/sbin:/usr/bin:/usr/sbin";
	int64_t error = -ENOENT;
	char path[1024];

	for (const char *c = argv[0]; *c; c++) {
		if (*c == '/')
			return line_exec(thread, &request);
	}
	for (const char **v = envp; *v; v++) {
		if (value_of(*v, "PATH"))
			folders = value_of(*v, "PATH");
	}
	while (*folders && error == -ENOENT) {
		size_t length = 0, name = strlen(argv[0]);

		while (folders[length] && folders[length] != ':')
			length++;
		if (length + 1 + name < sizeof(path)) {
			memcpy(path, folders, length);
			path[length] = '/';
			memcpy(path + length + 1, argv[0], name + 1);
			request.path = (uintptr_t)path;
			error = line_exec(thread, &request);
		}
		folders += length + (folders[length] == ':');
	}
	return error;
}

_Noreturn void
line_start(uintptr_t start)
{
	const struct start_info *info = (const void *)start;
	struct line_thread *thread = line_self();
	struct options o = {0};
	const char *argv[VECTOR_MAX + 1], *envp[VECTOR_MAX + 1];
	const char **program = argv;
	int64_t error;

	thread->process = make_process(info);
	kit_only(thread);
	factotum_get_pid(CAP_FACTOTUM, &thread->pid, &thread->tid);
	thread->process->pid = thread->pid;
	make_vector(info, info->arguments, info->argument_count, argv);
	make_vector(info, info->environment, info->environment_count, envp);
	if (*program)
		program++;
	while (*program && memcmp(*program, "--", 3) != 0)
		take_option(&o, *program++);
	if (line_attach_self(thread->process) < 0 || !*program || !program[1] ||
		tux_attach(CAP_TUX, o.uid, o.uid) < 0 ||
		gopher_attach(CAP_GOPHER) < 0)
		end(STATUS_GLENDA);
	program++;
	if (o.tty)
		open_terminal(&o);
	else
		open_streams();
	if (o.cwd &&
		gopher_chdir(CAP_GOPHER, (uint32_t)AT_FDCWD, o.cwd,
			strlen(o.cwd)) < 0)
		fail(o.cwd, "no such folder to start in", STATUS_GLENDA);
	thread->process->strace = o.strace;
	error = exec_by_name(thread, program, envp);
	if (error < 0)
		fail(program[0], exec_error(error),
			error == -ENOENT ? STATUS_NOT_THERE
					 : STATUS_NOT_EXECUTABLE);
	thread->full_restore = false;
	line_resume(thread->registers, line_utcb(thread));
}
