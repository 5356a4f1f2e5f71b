/* SPDX-License-Identifier: MIT */
/*
 * The system calls about signals. Structures and numbers: Linux's uapi,
 * asm-generic/signal.h.
 */
#include <glenda/factotum_client.h>
#include <glenda/tux_client.h>

#include "calls.h"
#include "errno.h"
#include "memory.h"
#include "signal.h"
#include "user.h"

#define SET_BYTES 8
#define SI_USER 0
#define SI_TKILL ((uint32_t)-6)
#define STACK_LEAST 2048 /* MINSIGSTKSZ */

int64_t
sys_rt_sigaction(struct line_thread *thread, const uint64_t *args)
{
	uint64_t number = args[0];
	struct line_process *process = thread->process;
	struct line_action action, old;

	if (args[3] != SET_BYTES || number == 0 || number > SIGNAL_COUNT)
		return -EINVAL;
	if (args[1] && user_read(&action, args[1], sizeof(action)) < 0)
		return -EFAULT;
	if (args[1] && (number == SIGKILL || number == SIGSTOP))
		return -EINVAL;
	line_lock(process);
	old = process->action[number];
	if (args[1]) {
		action.mask &= ~(SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP));
		signal_action_set(process, (unsigned)number, &action);
	}
	line_unlock(process);
	if (args[2] && user_write(args[2], &old, sizeof(old)) < 0)
		return -EFAULT;
	return 0;
}

int64_t
sys_rt_sigprocmask(struct line_thread *thread, const uint64_t *args)
{
	enum { SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK };
	uint64_t old = line_utcb(thread)->user[USER_MASK];
	uint64_t set;

	if (args[3] != SET_BYTES)
		return -EINVAL;
	if (args[1]) {
		if (user_read(&set, args[1], sizeof(set)) < 0)
			return -EFAULT;
		if (args[0] == SIG_BLOCK)
			set |= old;
		else if (args[0] == SIG_UNBLOCK)
			set = old & ~set;
		else if (args[0] != SIG_SETMASK)
			return -EINVAL;
		signal_mask_set(thread, set);
	}
	if (args[2] && user_write(args[2], &old, sizeof(old)) < 0)
		return -EFAULT;
	return 0;
}

int64_t
sys_rt_sigpending(struct line_thread *thread, const uint64_t *args)
{
	uint64_t pending = 0, info, value;
	uint32_t number, uid;
	status_t status;

	if (args[1] > SET_BYTES)
		return -EINVAL;
	status = factotum_signal_fetch(CAP_FACTOTUM, UINT64_MAX, true, &number,
		&info, &value, &uid, &pending);
	if (status < 0)
		return line_errno(status);
	pending &= line_utcb(thread)->user[USER_MASK];
	return user_write(args[0], &pending, args[1]);
}

int64_t
sys_rt_sigsuspend(struct line_thread *thread, const uint64_t *args)
{
	uint64_t set;

	if (args[1] != SET_BYTES)
		return -EINVAL;
	if (user_read(&set, args[0], sizeof(set)) < 0)
		return -EFAULT;
	if (!thread->saved_mask_valid) {
		thread->saved_mask = line_utcb(thread)->user[USER_MASK];
		thread->saved_mask_valid = true;
	}
	signal_mask_set(thread, set);
	while (!signal_waits(thread))
		factotum_pause(CAP_FACTOTUM);
	return RESTART_NOHAND;
}

int64_t
sys_rt_sigtimedwait(struct line_thread *thread, const uint64_t *args)
{
	uint64_t set, time[2], deadline = 0, info = 0, value = 0;
	uint32_t number = 0, uid = 0;
	uint8_t out[128];
	status_t status;

	if (args[3] != SET_BYTES)
		return -EINVAL;
	if (user_read(&set, args[0], sizeof(set)) < 0 ||
		(args[2] && user_read(time, args[2], sizeof(time)) < 0))
		return -EFAULT;
	if (args[2] && ((int64_t)time[0] < 0 || time[1] >= 1000000000))
		return -EINVAL;
	if (args[2])
		deadline = clock_ticks() +
			line_ticks(thread->process, time[0], time[1]);
	set &= ~(SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP));
	status = factotum_signal_wait(
		CAP_FACTOTUM, set, deadline, &number, &info, &value, &uid);
	if (status == STATUS_TIMED_OUT)
		return -EAGAIN;
	if (status == STATUS_CANCELLED)
		return args[2] ? -EINTR : RESTART_NOHAND;
	if (status < 0)
		return line_errno(status);
	if (args[1]) {
		signal_info(out, number, info, value, uid);
		if (user_write(args[1], out, sizeof(out)) < 0)
			return -EFAULT;
	}
	return number;
}

int64_t
sys_rt_sigreturn(struct line_thread *thread, const uint64_t *args)
{
	(void)args;
	return signal_return(thread);
}

int64_t
sys_sigaltstack(struct line_thread *thread, const uint64_t *args)
{
	/* stack_t: pointer, flags (and padding), size */
	uint64_t sp = line_utcb(thread)->save_sp;
	bool active = sp > thread->stack_pointer &&
		sp - thread->stack_pointer <= thread->stack_size;
	uint64_t old[3] = {thread->stack_pointer,
		!thread->stack_size ? SS_DISABLE
			: active    ? SS_ONSTACK
				    : 0,
		thread->stack_size};
	uint64_t new[3];

	if (args[0]) {
		if (user_read(new, args[0], sizeof(new)) < 0)
			return -EFAULT;
		if (active)
			return -EPERM;
		if ((new[1] & 0x7fffffff) & ~(uint64_t)SS_DISABLE)
			return -EINVAL;
		if (!(new[1] & SS_DISABLE) && new[2] < STACK_LEAST)
			return -ENOMEM;
		thread->stack_pointer = new[1] & SS_DISABLE ? 0 : new[0];
		thread->stack_size = new[1] & SS_DISABLE ? 0 : new[2];
	}
	if (args[1] && user_write(args[1], old, sizeof(old)) < 0)
		return -EFAULT;
	return 0;
}

static uint64_t
sender(const struct line_thread *thread, uint32_t code)
{
	return (uint64_t)thread->pid << 32 | code;
}

int64_t
sys_kill(struct line_thread *thread, const uint64_t *args)
{
	if ((int32_t)args[1] < 0 || (int32_t)args[1] > SIGNAL_COUNT)
		return -EINVAL;
	/* A signal to the process goes to its first thread, if that may. */
	if ((uint32_t)args[0] == thread->pid && thread->tid == thread->pid &&
		signal_to_self(thread, (uint32_t)args[1]))
		return 0;
	return line_errno(tux_kill(CAP_TUX, (int32_t)args[0], (uint32_t)args[1],
		sender(thread, SI_USER), 0));
}

static int64_t
thread_kill(
	struct line_thread *thread, int32_t group, int32_t tid, uint64_t number)
{
	status_t status;

	if (tid <= 0 || number > SIGNAL_COUNT)
		return -EINVAL;
	if ((uint32_t)tid == thread->tid &&
		(group == 0 || (uint32_t)group == thread->pid) &&
		signal_to_self(thread, number))
		return 0;
	if (group != 0 && (uint32_t)group != thread->pid)
		return line_errno(tux_tgkill(CAP_TUX, group, tid,
			(uint32_t)number, sender(thread, SI_TKILL), 0));
	status = factotum_signal_self(CAP_FACTOTUM, (uint32_t)tid,
		(uint32_t)number, sender(thread, SI_TKILL), 0);
	if (status == STATUS_NOT_FOUND && group == 0)
		status = tux_tgkill(CAP_TUX, 0, tid, (uint32_t)number,
			sender(thread, SI_TKILL), 0);
	return line_errno(status);
}

int64_t
sys_tkill(struct line_thread *thread, const uint64_t *args)
{
	return thread_kill(thread, 0, (int32_t)args[0], args[1]);
}

int64_t
sys_tgkill(struct line_thread *thread, const uint64_t *args)
{
	if ((int32_t)args[0] <= 0)
		return -EINVAL;
	return thread_kill(thread, (int32_t)args[0], (int32_t)args[1], args[2]);
}

/* si_code and si_value of a siginfo_t that the program made. */
static int64_t
queue_info(struct line_thread *thread, uint64_t from, uint64_t *info,
	uint64_t *value)
{
	uint8_t bytes[128];
	int32_t code;

	if (user_read(bytes, from, sizeof(bytes)) < 0)
		return -EFAULT;
	memcpy(&code, bytes + 8, sizeof(code));
	memcpy(value, bytes + 24, sizeof(*value));
	*info = sender(thread, (uint32_t)code);
	return code;
}

int64_t
sys_rt_sigqueueinfo(struct line_thread *thread, const uint64_t *args)
{
	uint64_t info = 0, value = 0;
	int64_t code = queue_info(thread, args[2], &info, &value);

	if (code == -EFAULT)
		return -EFAULT;
	if (args[1] > SIGNAL_COUNT)
		return -EINVAL;
	if ((code >= 0 || code == (int32_t)SI_TKILL) &&
		(uint32_t)args[0] != thread->pid)
		return -EPERM;
	return line_errno(tux_kill(
		CAP_TUX, (int32_t)args[0], (uint32_t)args[1], info, value));
}

int64_t
sys_rt_tgsigqueueinfo(struct line_thread *thread, const uint64_t *args)
{
	uint64_t info = 0, value = 0;
	int64_t code = queue_info(thread, args[3], &info, &value);

	if (code == -EFAULT)
		return -EFAULT;
	if ((int32_t)args[0] <= 0 || (int32_t)args[1] <= 0 ||
		args[2] > SIGNAL_COUNT)
		return -EINVAL;
	if ((code >= 0 || code == (int32_t)SI_TKILL) &&
		(uint32_t)args[0] != thread->pid)
		return -EPERM;
	return line_errno(tux_tgkill(CAP_TUX, (int32_t)args[0],
		(int32_t)args[1], (uint32_t)args[2], info, value));
}
