/* SPDX-License-Identifier: MIT */
/*
 * From a system call's number to its function, and from the servers' statuses
 * to Linux's errnos. A number that is not in the table is ENOSYS.
 */
#include <glenda/kernel_calls.h>

#include "calls.h"
#include "entry.h"
#include "linux.h"
#include "signal.h"
#include "strace.h"

/* Servers with a range of errnos (proto/gopher.toml, tux.toml). */
#define ERRNO_BASE 4096

int64_t
line_errno(status_t status)
{
	static const int16_t table[] = {
		[-STATUS_INVALID_CAP] = EIO,
		[-STATUS_INVALID_ARGUMENT] = EINVAL,
		[-STATUS_INVALID_METHOD] = ENOSYS,
		[-STATUS_NO_RIGHT] = EACCES,
		[-STATUS_NO_MEMORY] = ENOMEM,
		[-STATUS_SLOT_OCCUPIED] = EIO,
		[-STATUS_NO_TABLE] = EFAULT,
		[-STATUS_ALREADY_MAPPED] = EEXIST,
		[-STATUS_NOT_MAPPED] = ENOMEM,
		[-STATUS_PEER_DIED] = EIO,
		[-STATUS_FAULT] = EFAULT,
		[-STATUS_BUSY] = EBUSY,
		[-STATUS_AGAIN] = EAGAIN,
		[-STATUS_NOT_FOUND] = ESRCH,
		[-STATUS_FORBIDDEN] = EPERM,
		[-STATUS_NOT_READY] = EAGAIN,
		[-STATUS_EXISTS] = EEXIST,
		[-STATUS_TIMED_OUT] = ETIMEDOUT,
		[-STATUS_MISMATCH] = EAGAIN,
		[-STATUS_INVALID_PROTOCOL] = ENOSYS,
		[-STATUS_BAD_IMAGE] = ENOEXEC,
		[-STATUS_LIMIT] = EAGAIN,
		[-STATUS_UNSUPPORTED] = ENOSYS,
		[-STATUS_IO] = EIO,
	};

	if (status >= 0)
		return status;
	if (status <= -ERRNO_BASE)
		return status + ERRNO_BASE;
	/* Nobody saw it: the call goes again once the signal is handled. */
	if (status == STATUS_CANCELLED)
		return RESTART_NOINTR;
	if ((size_t)-status >= sizeof(table) / sizeof(table[0]))
		return -EIO;
	return -table[-status];
}

int64_t
line_restartable(status_t status)
{
	int64_t error = line_errno(status);

	return error == -EINTR || error == RESTART_NOINTR ? RESTART_SYS : error;
}

uint64_t
line_ticks(const struct line_process *process, uint64_t seconds,
	uint64_t nanoseconds)
{
	uint64_t frequency = process->clock_frequency;

	if (seconds > (UINT64_MAX >> 2) / frequency)
		return UINT64_MAX >> 2;
	return seconds * frequency +
		(nanoseconds * frequency + NANOSECONDS - 1) / NANOSECONDS;
}

void
line_lock(struct line_process *process)
{
	while (__atomic_exchange_n(&process->lock, 1, __ATOMIC_ACQUIRE))
		syscall_yield();
}

void
line_unlock(struct line_process *process)
{
	__atomic_store_n(&process->lock, 0, __ATOMIC_RELEASE);
}

void
line_drop_cap(cptr_t slot)
{
	cnode_delete(CAP_OWN_CNODE, slot);
}

static bool
is_restart(int64_t result)
{
	return result <= RESTART_SYS && result >= RESTART_BLOCK;
}

/* Asked to give up without a signal to deliver: the call goes on. */
static __attribute__((noinline)) int64_t
go_on(struct line_thread *thread, line_call *call, int64_t result)
{
	while (is_restart(result) && !signal_waits(thread))
		result = call(thread, &thread->registers[REG_ARGS]);
	return result;
}

static __attribute__((noinline)) int64_t
dispatch_traced(struct line_thread *thread, const struct line_entry *entry)
{
	const uint64_t *args = &thread->registers[REG_ARGS];
	int64_t result;

	line_strace_before(thread, entry, args);
	result = go_on(thread, entry->call, entry->call(thread, args));
	line_strace(thread, entry, args, result);
	return result;
}

int64_t
line_dispatch(struct line_thread *thread, uint64_t number)
{
	const uint64_t *args = &thread->registers[REG_ARGS];
	const struct line_entry *entry = &line_table[number];
	line_call *call;
	int64_t result;

	if (__builtin_expect(number >= line_table_size, 0) || !entry->call)
		return line_unknown(thread, number, args);
	if (__builtin_expect(thread->process->strace, 0))
		return dispatch_traced(thread, entry);
	call = entry->call;
	result = call(thread, args);
	if (__builtin_expect(is_restart(result), 0))
		return go_on(thread, call, result);
	return result;
}
