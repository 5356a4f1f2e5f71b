/* SPDX-License-Identifier: MIT */
/*
 * Delivery of signals.
 *
 * Two ways lead here: after a system call (line_call_signals; registers in
 * the thread's record) and from an interruption (line_interrupted; registers
 * in the UTCB). Either fetches what is pending from Factotum, does default
 * actions itself, and for a handler pushes a frame on the program's stack and
 * changes the registers so that the handler runs next; rt_sigreturn takes
 * everything back from it (frame.h).
 */
#include "signal.h"

#include <glenda/factotum_client.h>

#include "entry.h"
#include "errno.h"
#include "frame.h"
#include "memory.h"

#define NEVER_MASKED (SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP))
#define IGNORED_BY_DEFAULT                                                \
	(SIGNAL_BIT(SIGCHLD) | SIGNAL_BIT(SIGCONT) | SIGNAL_BIT(SIGURG) | \
		SIGNAL_BIT(SIGWINCH))
#define STOPS_BY_DEFAULT                                                   \
	(SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) | SIGNAL_BIT(SIGTTIN) | \
		SIGNAL_BIT(SIGTTOU))

/* Stopping and continuing empty the queues of each other. */
#define CHANGES_OTHERS (SIGNAL_BIT(SIGCONT) | STOPS_BY_DEFAULT)
#define FAULT_SIGNALS                                                    \
	(SIGNAL_BIT(SIGSEGV) | SIGNAL_BIT(SIGBUS) | SIGNAL_BIT(SIGILL) | \
		SIGNAL_BIT(SIGTRAP) | SIGNAL_BIT(SIGFPE))

enum {
	HANDLER_DEFAULT = 0,
	HANDLER_IGNORE = 1,
};

struct pending {
	uint32_t signal;
	uint32_t uid;
	uint64_t info; /* si_code, and the sender's pid << 32 */
	uint64_t value;
};

void
signal_mask_set(struct line_thread *thread, uint64_t mask)
{
	struct utcb *utcb = line_utcb(thread);

	__atomic_store_n(
		&utcb->user[USER_MASK], mask & ~NEVER_MASKED, __ATOMIC_SEQ_CST);
}

void
signal_action_set(struct line_process *process, unsigned signal,
	const struct line_action *action)
{
	uint64_t bit = SIGNAL_BIT(signal);
	bool ignored = action->handler == HANDLER_IGNORE ||
		(action->handler == HANDLER_DEFAULT &&
			(bit & IGNORED_BY_DEFAULT));

	process->action[signal] = *action;
	if (signal == SIGCHLD)
		process->unwaited = action->handler == HANDLER_IGNORE ||
			action->flags & SA_NOCLDWAIT;
	if (ignored)
		__atomic_or_fetch(&process->ignored, bit, __ATOMIC_SEQ_CST);
	else
		__atomic_and_fetch(&process->ignored, ~bit, __ATOMIC_SEQ_CST);
	if (action->handler > HANDLER_IGNORE)
		__atomic_or_fetch(&process->caught, bit, __ATOMIC_SEQ_CST);
	else
		__atomic_and_fetch(&process->caught, ~bit, __ATOMIC_SEQ_CST);
}

void
signal_actions_reset(struct line_process *process)
{
	const struct line_action none = {0};

	for (unsigned i = 1; i <= SIGNAL_COUNT; i++) {
		if (process->action[i].handler != HANDLER_IGNORE)
			signal_action_set(process, i, &none);
	}
}

void
signal_info(uint8_t *out, uint32_t number, uint64_t info, uint64_t value,
	uint32_t uid)
{
	int32_t code = (int32_t)info;
	uint32_t pid = (uint32_t)(info >> 32);
	bool fault =
		code > 0 && code < 0x80 && (SIGNAL_BIT(number) & FAULT_SIGNALS);

	memset(out, 0, 128);
	memcpy(out, &number, 4);
	memcpy(out + 8, &code, 4);
	if (fault) {
		memcpy(out + 16, &value, 8);
		return;
	}
	memcpy(out + 16, &pid, 4);
	memcpy(out + 20, &uid, 4);
	memcpy(out + 24, &value, 8);
}

static bool
on_alternate_stack(const struct line_thread *thread, uint64_t sp)
{
	return sp > thread->stack_pointer &&
		sp - thread->stack_pointer <= thread->stack_size;
}

static uint32_t
stack_flags(const struct line_thread *thread, uint64_t sp)
{
	if (!thread->stack_size)
		return SS_DISABLE;
	return on_alternate_stack(thread, sp) ? SS_ONSTACK : 0;
}

/* Push the frame and turn the registers to the handler. -EFAULT: no stack. */
static int64_t
push_frame(struct line_thread *thread, uint64_t *registers,
	const struct line_action *action, const struct pending *p,
	uint64_t old_mask)
{
	uint64_t sp = registers[REG_SP];
	struct frame frame = {
		.process = thread->process,
		.action = action,
		.signal = p->signal,
		.top = sp - RED_ZONE,
		.mask = old_mask,
		.stack_pointer = thread->stack_pointer,
		.stack_size = thread->stack_size,
		.stack_flags = stack_flags(thread, sp),
	};
	bool switched = (action->flags & SA_ONSTACK) && frame.stack_flags == 0;

	if (switched)
		frame.top = thread->stack_pointer + thread->stack_size;
	if (switched || frame.stack_flags == SS_ONSTACK)
		frame.floor = thread->stack_pointer;
	signal_info(frame.info, p->signal, p->info, p->value, p->uid);
	return frame_push(registers, &frame);
}

static _Noreturn void
end_by(uint32_t signal)
{
	factotum_exit(CAP_FACTOTUM, signal);
	line_crash(0);
}

bool
signal_to_self(struct line_thread *thread, uint64_t signal)
{
	const struct line_action *action = &thread->process->action[signal];

	if (signal == 0 || SIGNAL_BIT(signal) & CHANGES_OTHERS ||
		signal_waits(thread) ||
		SIGNAL_BIT(signal) & line_utcb(thread)->user[USER_MASK] ||
		action->handler <= HANDLER_IGNORE || action->flags & SA_SIGINFO)
		return false;
	thread->own_signal = (uint8_t)signal;
	return true;
}

static void
take_own(struct line_thread *thread, struct pending *p)
{
	*p = (struct pending){
		.signal = thread->own_signal,
		.info = (uint64_t)thread->pid << 32,
	};
	thread->own_signal = 0;
}

static bool
fetch(struct line_thread *thread, struct pending *p)
{
	struct utcb *utcb = line_utcb(thread);
	uint64_t left;

	/* What comes from here on sets its bit again. */
	__atomic_store_n(&utcb->user[USER_PENDING], 0, __ATOMIC_SEQ_CST);
	if (factotum_signal_fetch(CAP_FACTOTUM, utcb->user[USER_MASK], false,
		    &p->signal, &p->info, &p->value, &p->uid, &left) < 0)
		return false;
	__atomic_or_fetch(&utcb->user[USER_PENDING], left, __ATOMIC_SEQ_CST);
	return p->signal != 0 && p->signal <= SIGNAL_COUNT;
}

static void
handle(struct line_thread *thread, uint64_t *registers,
	const struct line_action *action, const struct pending *p)
{
	uint64_t mask = line_utcb(thread)->user[USER_MASK];
	uint64_t old = thread->saved_mask_valid ? thread->saved_mask : mask;

	thread->saved_mask_valid = false;
	if (push_frame(thread, registers, action, p, old) < 0)
		end_by(SIGSEGV);
	mask |= action->mask;
	if (!(action->flags & SA_NODEFER))
		mask |= SIGNAL_BIT(p->signal);
	signal_mask_set(thread, mask);
}

/* What the program wants done: a copy, and SA_RESETHAND carried out. */
static struct line_action
take_action(struct line_process *process, unsigned signal)
{
	const struct line_action none = {0};
	struct line_action action;

	line_lock(process);
	action = process->action[signal];
	if (action.handler > HANDLER_IGNORE && (action.flags & SA_RESETHAND))
		signal_action_set(process, signal, &none);
	line_unlock(process);
	return action;
}

static void
do_default(uint32_t signal)
{
	if (SIGNAL_BIT(signal) & IGNORED_BY_DEFAULT)
		return;
	if (SIGNAL_BIT(signal) & STOPS_BY_DEFAULT)
		factotum_stop_self(CAP_FACTOTUM, signal);
	else
		end_by(signal);
}

/*
 * Make an interrupted call's result what Linux makes of it: the error EINTR, or
 * the call again (pc back on the instruction, and what the result replaced).
 */
static void
settle_restart(struct line_thread *thread, uint64_t *registers,
	const struct line_action *handler)
{
	int64_t result = (int64_t)registers[REG_RESULT];
	bool again;

	switch (result) {
	case RESTART_SYS:
		again = !handler || (handler->flags & SA_RESTART);
		break;
	case RESTART_NOINTR:
		again = true;
		break;
	case RESTART_NOHAND:
	case RESTART_BLOCK:
		again = !handler;
		break;
	default:
		return;
	}
	if (!again) {
		registers[REG_RESULT] = (uint64_t)-EINTR;
		thread->restart_deadline = 0;
		return;
	}
	registers[REG_PC] -= SYSCALL_INSTRUCTION;
	registers[REG_RESULT] = thread->replaced;
}

static bool
next_signal(struct line_thread *thread, struct pending *p)
{
	if (!thread->own_signal)
		return signal_waits(thread) && fetch(thread, p);
	take_own(thread, p);
	return true;
}

/* Deliver all that can be delivered; `call`: a call's result is in place. */
static void
deliver(struct line_thread *thread, uint64_t *registers, bool call)
{
	struct pending p;

	while (next_signal(thread, &p)) {
		struct line_action action =
			take_action(thread->process, p.signal);

		if (action.handler == HANDLER_IGNORE)
			continue;
		if (action.handler == HANDLER_DEFAULT) {
			do_default(p.signal);
			continue;
		}
		if (call)
			settle_restart(thread, registers, &action);
		call = false;
		handle(thread, registers, &action, &p);
	}
	if (call)
		settle_restart(thread, registers, NULL);
	if (thread->saved_mask_valid) {
		thread->saved_mask_valid = false;
		signal_mask_set(thread, thread->saved_mask);
	}
}

void
line_call_signals(struct line_thread *thread)
{
	bool call = !thread->full_restore;

	if (call)
		registers_of_call(thread);
	thread->full_restore = false;
	if (signal_waits(thread) || thread->own_signal ||
		thread->saved_mask_valid)
		deliver(thread, thread->registers, call);
}

_Noreturn void
line_interrupted(struct line_thread *thread)
{
	struct utcb *utcb = line_utcb(thread);

	deliver(thread, utcb->context, false);
	line_resume(utcb->context, utcb);
}

int64_t
signal_return(struct line_thread *thread)
{
	struct frame frame = {.process = thread->process};

	if (frame_pop(thread->registers, line_utcb(thread)->save_sp, &frame) <
		0)
		end_by(SIGSEGV);
	if (frame.stack_flags == SS_DISABLE) {
		thread->stack_pointer = 0;
		thread->stack_size = 0;
	} else {
		thread->stack_pointer = frame.stack_pointer;
		thread->stack_size = frame.stack_size;
	}
	signal_mask_set(thread, frame.mask);
	thread->full_restore = true;
	return (int64_t)thread->registers[REG_RESULT];
}
