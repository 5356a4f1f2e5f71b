/* SPDX-License-Identifier: MIT */
/*
 * Processes and threads: fork, clone, wait, exit, futexes.
 *
 * fork is two calls: Gopher copies the session and gives a token, Factotum
 * copies the process at this very call; the child comes back out of the same
 * call with pid 0 and claims the token. A new thread, and the child of a vfork
 * (which runs in its parent's space), begin on a kit of their own instead.
 */
#include <glenda/factotum_client.h>
#include <glenda/gopher_client.h>
#include <glenda/tux_client.h>

#include "calls.h"
#include "entry.h"
#include "exec.h"
#include "frame.h"
#include "kit.h"
#include "linux.h"
#include "memory.h"
#include "signal.h"
#include "user.h"

/* clone's flags (uapi/linux/sched.h). */
enum {
	CSIGNAL = 0xff,
	CLONE_VM = 0x100,
	CLONE_FS = 0x200,
	CLONE_FILES = 0x400,
	CLONE_SIGHAND = 0x800,
	CLONE_VFORK = 0x4000,
	CLONE_PARENT = 0x8000,
	CLONE_THREAD = 0x10000,
	CLONE_SYSVSEM = 0x40000,
	CLONE_SETTLS = 0x80000,
	CLONE_PARENT_SETTID = 0x100000,
	CLONE_CHILD_CLEARTID = 0x200000,
	CLONE_DETACHED = 0x400000,
	CLONE_UNTRACED = 0x800000,
	CLONE_CHILD_SETTID = 0x1000000,
	CLONE_IO = (int)0x80000000,
};
#define STACK_OF_CALL 1024
#define CLONE_CLEAR_SIGHAND UINT64_C(0x100000000)

#define CLONE_IGNORED (CLONE_SYSVSEM | CLONE_DETACHED | CLONE_UNTRACED)
#define CLONE_KNOWN                                                        \
	(CSIGNAL | CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |     \
		CLONE_VFORK | CLONE_PARENT | CLONE_THREAD | CLONE_SETTLS | \
		CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID |               \
		CLONE_CHILD_SETTID)

/* Gopher's snapshot flags. */
enum {
	SNAPSHOT_FILES = 1,
	SNAPSHOT_FS = 2,
};

struct clone {
	uint64_t flags;
	uint64_t stack; /* user stack pointer of the child, 0: same */
	uint64_t parent_tid;
	uint64_t child_tid;
	uint64_t tls;
	uint32_t signal;
};

static void
write_tid(uint64_t address, uint32_t tid)
{
	user_write(address, &tid, sizeof(tid));
}

/* Registers of the program at the call, as the child is to see them. */
static void
take_registers(struct line_thread *child, struct line_thread *parent,
	const struct clone *c)
{
	registers_of_call(parent);
	if (child != parent)
		memcpy(child->registers, parent->registers,
			sizeof(child->registers));
	if (c->stack)
		child->registers[REG_SP] = c->stack;
	child->registers[REG_RESULT] = 0;
	if (c->flags & CLONE_SETTLS)
		child->registers[REG_TP] = c->tls;
}

/* What a new process or thread does first, on its own stack. */
static void
child_begin(struct line_thread *thread, const struct clone *c)
{
	factotum_get_pid(CAP_FACTOTUM, &thread->pid, &thread->tid);
	thread->clear_child_tid =
		c->flags & CLONE_CHILD_CLEARTID ? c->child_tid : 0;
	if (c->flags & CLONE_CHILD_SETTID)
		write_tid(c->child_tid, thread->tid);
}

static uint32_t
snapshot_flags(uint64_t flags)
{
	return (flags & CLONE_FILES ? SNAPSHOT_FILES : 0) |
		(flags & CLONE_FS ? SNAPSHOT_FS : 0);
}

static uint32_t
fork_flags(uint64_t flags)
{
	return (flags & CLONE_VM ? FACTOTUM_FORK_VM : 0) |
		(flags & CLONE_VFORK ? FACTOTUM_FORK_VFORK : 0) |
		(flags & CLONE_PARENT ? FACTOTUM_FORK_SAME_PARENT : 0);
}

/* The lowest address of this stack that a call made here uses, and more. */
static uint64_t
stack_in_use(void)
{
	return (uintptr_t)__builtin_frame_address(0) - STACK_OF_CALL;
}

static int64_t
fork_copy(struct line_thread *thread, const struct clone *c)
{
	uint64_t token = 0;
	uint32_t pid = 0;
	status_t status;

	status = gopher_snapshot(CAP_GOPHER, snapshot_flags(c->flags), &token);
	if (status < 0)
		return line_errno(status);
	status = factotum_fork(CAP_FACTOTUM, fork_flags(c->flags), token,
		c->signal, 0, 0, stack_in_use(), 0, &pid, NULL);
	if (status < 0) {
		gopher_claim(CAP_GOPHER, token);
		return line_errno(status);
	}
	if (pid != 0) {
		if (c->flags & CLONE_PARENT_SETTID)
			write_tid(c->parent_tid, pid);
		return pid;
	}
	take_registers(thread, thread, c);
	thread->full_restore = true;
	gopher_claim(CAP_GOPHER, token);
	kit_only(thread);
	child_begin(thread, c);
	thread->process->pid = thread->pid;
	return 0;
}

/* A kit for a thread or vfork child, its record filled but for the tid. */
static struct line_thread *
prepare(struct line_thread *thread, const struct clone *c)
{
	struct line_thread *child = kit_take(thread->process);

	if (!child)
		return NULL;
	line_utcb(child)->user[0] = (uintptr_t)line_utcb(child);
	line_utcb(child)->user[USER_MASK] = line_utcb(thread)->user[USER_MASK];
	take_registers(child, thread, c);
	child->process = thread->process;
	child->clear_child_tid =
		c->flags & CLONE_CHILD_CLEARTID ? c->child_tid : 0;
	child->begin_flags = c->flags;
	child->begin_child_tid = c->child_tid;
	child->begin_parent_tid = c->parent_tid;
	return child;
}

static int64_t
clone_thread(struct line_thread *thread, const struct clone *c)
{
	struct line_thread *child = prepare(thread, c);
	uint32_t tid = 0;
	status_t status;

	if (!child)
		return -EAGAIN;
	child->pid = thread->pid;
	status = factotum_thread_create(CAP_FACTOTUM,
		(uintptr_t)line_thread_begin, kit_stack(child),
		(uintptr_t)child, 0, (uintptr_t)line_utcb(child), 1,
		c->flags & CLONE_PARENT_SETTID ? c->parent_tid : 0, &tid);
	if (status < 0) {
		kit_give(thread->process, child);
		return line_errno(status);
	}
	kit_used_by(thread->process, child, tid);
	return tid;
}

/* The child runs in our space until it execs or ends. */
static int64_t
fork_sharing(struct line_thread *thread, const struct clone *c)
{
	struct line_thread *child = prepare(thread, c);
	struct line_process *process;
	uint64_t token = 0;
	uint32_t pid = 0;
	status_t status;

	if (!child)
		return -EAGAIN;
	process = kit_process(child, thread->process);
	if (!process) {
		kit_give(thread->process, child);
		return -ENOMEM;
	}
	child->process = process;
	status = gopher_snapshot(CAP_GOPHER, snapshot_flags(c->flags), &token);
	child->fork_token = token;
	if (status == 0)
		status = factotum_fork(CAP_FACTOTUM, fork_flags(c->flags),
			token, c->signal, (uintptr_t)line_utcb(child),
			(uintptr_t)line_thread_begin, kit_stack(child),
			(uintptr_t)child, &pid, NULL);
	/* Claimed by its maker, the snapshot is dropped. */
	if (status < 0 && token)
		gopher_claim(CAP_GOPHER, token);
	if (status < 0 || (c->flags & CLONE_VFORK))
		kit_give(thread->process, child);
	else
		kit_used_by(thread->process, child, pid);
	if (status < 0)
		return line_errno(status);
	if (c->flags & CLONE_PARENT_SETTID)
		write_tid(c->parent_tid, pid);
	return pid;
}

_Noreturn void
line_thread_run(struct line_thread *thread)
{
	const struct clone c = {
		.flags = thread->begin_flags,
		.child_tid = thread->begin_child_tid,
	};

	if (thread->fork_token) {
		line_attach_self(thread->process);
		gopher_claim(CAP_GOPHER, thread->fork_token);
		thread->fork_token = 0;
	}
	child_begin(thread, &c);
	if (c.flags & CLONE_THREAD) {
		if (c.flags & CLONE_PARENT_SETTID)
			write_tid(thread->begin_parent_tid, thread->tid);
	} else {
		thread->process->pid = thread->pid;
	}
	line_resume(thread->registers, line_utcb(thread));
}

/* What Linux's copy_process refuses, in its order. */
static int64_t
check_flags(const struct clone *c)
{
	uint64_t flags = c->flags;

	if ((flags & CLONE_THREAD) && !(flags & CLONE_SIGHAND))
		return -EINVAL;
	if ((flags & CLONE_SIGHAND) && !(flags & CLONE_VM))
		return -EINVAL;
	if (flags &
		~(uint64_t)(uint32_t)(CLONE_KNOWN | CLONE_IGNORED | CLONE_IO) &
		~CLONE_CLEAR_SIGHAND)
		return -EINVAL;
	if (c->signal > SIGNAL_COUNT)
		return -EINVAL;
	/* Handlers shared between processes are not offered. */
	if ((flags & CLONE_SIGHAND) && !(flags & CLONE_THREAD))
		return -EINVAL;
	return 0;
}

static int64_t
do_clone(struct line_thread *thread, const struct clone *c)
{
	int64_t error = check_flags(c);

	if (error < 0)
		return error;
	if (c->flags & CLONE_THREAD)
		return clone_thread(thread, c);
	if (c->flags & CLONE_VM)
		return fork_sharing(thread, c);
	return fork_copy(thread, c);
}

int64_t
sys_clone(struct line_thread *thread, const uint64_t *args)
{
	const struct clone c = {
		.flags = args[0] & ~(uint64_t)CSIGNAL & UINT32_MAX,
		.signal = args[0] & CSIGNAL,
		.stack = args[1],
		.parent_tid = args[2],
		.tls = args[CLONE_ARGUMENT_TLS],
		.child_tid = args[CLONE_ARGUMENT_CHILD_TID],
	};

	return do_clone(thread, &c);
}

int64_t
sys_clone3(struct line_thread *thread, const uint64_t *args)
{
	/* flags, pidfd, child_tid, parent_tid, exit_signal, stack,
	 * stack_size, tls (uapi/linux/sched.h, struct clone_args) */
	uint64_t v[8];
	struct clone c = {0};

	if (args[1] < sizeof(v))
		return -EINVAL;
	if (args[1] > PAGE_BYTES)
		return -E2BIG;
	if (user_read(v, args[0], sizeof(v)) < 0)
		return -EFAULT;
	if ((v[0] & CSIGNAL) || (!v[5] != !v[6]))
		return -EINVAL;
	c.flags = v[0];
	c.child_tid = v[2];
	c.parent_tid = v[3];
	c.signal = (uint32_t)v[4];
	c.stack = v[5] + v[6];
	c.tls = v[7];
	return do_clone(thread, &c);
}

int64_t
sys_exit(struct line_thread *thread, const uint64_t *args)
{
	kit_leave(thread);
	factotum_thread_exit(CAP_FACTOTUM, (uint32_t)(args[0] & 0xff) << 8,
		thread->clear_child_tid);
	line_crash(0);
}

int64_t
sys_exit_group(struct line_thread *thread, const uint64_t *args)
{
	/* Somebody else is left in this space who may wait for the word. */
	if (thread->clear_child_tid && thread->begin_flags & CLONE_VM) {
		write_tid(thread->clear_child_tid, 0);
		factotum_futex_wake(CAP_FACTOTUM, thread->clear_child_tid, 1,
			UINT32_MAX, 0, NULL);
	}
	factotum_exit(CAP_FACTOTUM, (uint32_t)(args[0] & 0xff) << 8);
	line_crash(0);
}

int64_t
sys_set_tid_address(struct line_thread *thread, const uint64_t *args)
{
	thread->clear_child_tid = args[0];
	return thread->tid;
}

int64_t
sys_getpid(struct line_thread *thread, const uint64_t *args)
{
	(void)args;
	return thread->pid;
}

int64_t
sys_gettid(struct line_thread *thread, const uint64_t *args)
{
	(void)args;
	return thread->tid;
}

int64_t
sys_getppid(struct line_thread *thread, const uint64_t *args)
{
	uint64_t parent =
		__atomic_load_n(&thread->process->parent, __ATOMIC_RELAXED);

	(void)args;
	return (int64_t)parent;
}

int64_t
sys_sched_yield(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	(void)args;
	syscall_yield();
	return 0;
}

/* wait4 and waitid. */

enum {
	WNOHANG = 1,
	WUNTRACED = 2,
	WEXITED = 4,
	WCONTINUED = 8,
	WNOWAIT = 0x01000000,
	WNOTHREAD = 0x20000000,
	WALL = 0x40000000,
	WCLONE = (int)0x80000000,
};
#define WAIT_LINUX (WNOTHREAD | WALL | WCLONE)

struct waited {
	uint32_t kind; /* Factotum's: 0 any, 1 pid, 2 group */
	uint32_t id;
	uint32_t pid;
	uint32_t status;
	uint32_t uid;
	uint64_t user_us;
	uint64_t system_us;
	uint64_t faults;
};

static int64_t
own_group(uint32_t *group)
{
	status_t status = factotum_get_tags(CAP_FACTOTUM, 0, NULL, NULL, group,
		NULL, NULL, NULL, NULL, NULL);

	return line_errno(status);
}

static int64_t
do_wait(struct waited *w, uint32_t options)
{
	status_t status = factotum_wait(CAP_FACTOTUM, w->kind, w->id, options,
		&w->pid, &w->status, &w->user_us, &w->system_us, &w->uid,
		&w->faults);

	if (status == STATUS_NOT_FOUND)
		return -ECHILD;
	return line_restartable(status);
}

static int64_t
write_usage(uint64_t address, const struct waited *w)
{
	/* struct rusage: two timevals, then 14 longs */
	int64_t usage[18] = {0};

	if (!address)
		return 0;
	usage[0] = (int64_t)(w->user_us / 1000000);
	usage[1] = (int64_t)(w->user_us % 1000000);
	usage[2] = (int64_t)(w->system_us / 1000000);
	usage[3] = (int64_t)(w->system_us % 1000000);
	usage[8] = (int64_t)w->faults;
	return user_write(address, usage, sizeof(usage));
}

int64_t
sys_wait4(struct line_thread *thread, const uint64_t *args)
{
	int32_t pid = (int32_t)args[0];
	uint32_t options = (uint32_t)args[2];
	struct waited w = {0};
	int64_t error = 0;

	(void)thread;
	if (options &
		~(uint32_t)(WNOHANG | WUNTRACED | WCONTINUED | WAIT_LINUX))
		return -EINVAL;
	if (pid == INT32_MIN)
		return -ESRCH;
	if (pid > 0) {
		w.kind = 1;
		w.id = (uint32_t)pid;
	} else if (pid != -1) {
		w.kind = 2;
		w.id = (uint32_t)-pid;
		if (pid == 0)
			error = own_group(&w.id);
	}
	if (error == 0)
		error = do_wait(
			&w, (options & ~(uint32_t)WAIT_LINUX) | WEXITED);
	if (error < 0 || w.pid == 0)
		return error;
	if (args[1] && user_write(args[1], &w.status, sizeof(w.status)) < 0)
		return -EFAULT;
	if (write_usage(args[3], &w) < 0)
		return -EFAULT;
	return w.pid;
}

/* si_code and si_status of SIGCHLD for a wait status. */
static void
child_info(int32_t *info, const struct waited *w)
{
	enum { EXITED = 1, KILLED = 2, DUMPED = 3, STOPPED = 5, CONTINUED = 6 };
	uint32_t status = w->status;

	if (w->pid == 0)
		return;
	info[0] = SIGCHLD;
	info[4] = (int32_t)w->pid;
	info[5] = (int32_t)w->uid;
	if (status == 0xffff) {
		info[2] = CONTINUED;
		info[6] = SIGCONT;
	} else if ((status & 0xff) == 0x7f) {
		info[2] = STOPPED;
		info[6] = (int32_t)(status >> 8 & 0xff);
	} else if (status & 0x7f) {
		info[2] = status & 0x80 ? DUMPED : KILLED;
		info[6] = (int32_t)(status & 0x7f);
	} else {
		info[2] = EXITED;
		info[6] = (int32_t)(status >> 8 & 0xff);
	}
}

int64_t
sys_waitid(struct line_thread *thread, const uint64_t *args)
{
	enum { P_ALL = 0, P_PID = 1, P_PGID = 2 };
	uint32_t options = (uint32_t)args[3];
	struct waited w = {.kind = (uint32_t)args[0], .id = (uint32_t)args[1]};
	int32_t info[32] = {0};
	int64_t error = 0;

	(void)thread;
	if ((options &
		    ~(uint32_t)(WNOHANG | WUNTRACED | WEXITED | WCONTINUED |
			    WNOWAIT | WAIT_LINUX)) ||
		!(options & (WUNTRACED | WEXITED | WCONTINUED)) ||
		args[0] > P_PGID)
		return -EINVAL;
	if (args[0] == P_PID && (int32_t)args[1] <= 0)
		return -EINVAL;
	if (args[0] == P_PGID && args[1] == 0)
		error = own_group(&w.id);
	if (error == 0)
		error = do_wait(&w, options & ~(uint32_t)WAIT_LINUX);
	if (error < 0)
		return error;
	child_info(info, &w);
	if (args[2] && user_write(args[2], info, sizeof(info)) < 0)
		return -EFAULT;
	if (w.pid != 0 && write_usage(args[4], &w) < 0)
		return -EFAULT;
	return 0;
}

/* exec */

int64_t
sys_execve(struct line_thread *thread, const uint64_t *args)
{
	const struct exec_request request = {
		.dirfd = (uint32_t)AT_FDCWD,
		.path = args[0],
		.argv = args[1],
		.envp = args[2],
	};

	return line_exec(thread, &request);
}

int64_t
sys_execveat(struct line_thread *thread, const uint64_t *args)
{
	const struct exec_request request = {
		.dirfd = (uint32_t)args[0],
		.path = args[1],
		.argv = args[2],
		.envp = args[3],
		.flags = (uint32_t)args[4],
	};

	if (args[4] & ~(uint64_t)(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW))
		return -EINVAL;
	return line_exec(thread, &request);
}
