/* SPDX-License-Identifier: MIT */
/*
 * Futexes: Factotum checks and sleeps, the shim translates times and errors.
 * Numbers: uapi/linux/futex.h.
 */
#include <glenda/factotum_client.h>

#include "calls.h"
#include "errno.h"
#include "user.h"

enum {
	FUTEX_WAIT = 0,
	FUTEX_WAKE = 1,
	FUTEX_REQUEUE = 3,
	FUTEX_CMP_REQUEUE = 4,
	FUTEX_WAIT_BITSET = 9,
	FUTEX_WAKE_BITSET = 10,
	FUTEX_PRIVATE = 128,
	FUTEX_CLOCK_REALTIME = 256,
};

enum {
	FACTOTUM_PRIVATE = 1,
	FACTOTUM_COMPARE = 2,
};

#define ROBUST_LIST_BYTES 24

static bool
aligned(uint64_t address)
{
	return address % sizeof(uint32_t) == 0;
}

/* The deadline in ticks of a timeout, relative or absolute; -errno. */
static int64_t
take_deadline(struct line_thread *thread, const uint64_t *args,
	uint32_t command, uint64_t *deadline)
{
	uint64_t time[2];

	*deadline = 0;
	if (!args[3])
		return 0;
	if (user_read(time, args[3], sizeof(time)) < 0)
		return -EFAULT;
	if ((int64_t)time[0] < 0 || time[1] >= 1000000000)
		return -EINVAL;
	*deadline = line_ticks(thread->process, time[0], time[1]);
	if (command == FUTEX_WAIT) {
		if (!thread->restart_deadline)
			thread->restart_deadline = clock_ticks() + *deadline;
		*deadline = thread->restart_deadline;
	} else if (args[1] & FUTEX_CLOCK_REALTIME) {
		uint64_t base = line_realtime_ticks(thread->process);

		*deadline = *deadline > base ? *deadline - base : 1;
	}
	if (*deadline == 0)
		*deadline = 1;
	return 0;
}

static int64_t
futex_wait(struct line_thread *thread, const uint64_t *args, uint32_t command,
	uint32_t flags)
{
	uint32_t bits = command == FUTEX_WAIT ? UINT32_MAX : (uint32_t)args[5];
	uint64_t deadline;
	status_t status;
	int64_t error = take_deadline(thread, args, command, &deadline);

	if (error == 0 && bits == 0)
		error = -EINVAL;
	if (error < 0)
		return error;
	do {
		status = factotum_futex_wait(CAP_FACTOTUM, args[0],
			(uint32_t)args[2], deadline, bits, flags);
		/* The word's page may have to be brought in first. */
	} while (status == STATUS_AGAIN &&
		factotum_populate(CAP_FACTOTUM, args[0], 4, false) == 0);
	if (status == STATUS_CANCELLED)
		return args[3] ? RESTART_BLOCK : RESTART_SYS;
	thread->restart_deadline = 0;
	return line_errno(status);
}

static int64_t
futex_requeue(const uint64_t *args, uint32_t flags)
{
	uint32_t woken = 0, moved = 0;
	status_t status;

	if (!aligned(args[4]))
		return -EINVAL;
	if ((int32_t)args[2] < 0 || (int32_t)args[3] < 0)
		return -EINVAL;
	status = factotum_futex_requeue(CAP_FACTOTUM, args[0],
		(uint32_t)args[2], args[4], (uint32_t)args[3],
		(uint32_t)args[5], flags, &woken, &moved);
	if (status < 0)
		return line_errno(status);
	return flags & FACTOTUM_COMPARE ? woken + moved : woken;
}

static int64_t
futex_wake(const uint64_t *args, uint32_t bits, uint32_t flags)
{
	uint32_t woken = 0;
	uint32_t count = (int32_t)args[2] < 1 ? 1 : (uint32_t)args[2];
	status_t status;

	if (bits == 0)
		return -EINVAL;
	status = factotum_futex_wake(
		CAP_FACTOTUM, args[0], count, bits, flags, &woken);
	return status < 0 ? line_errno(status) : woken;
}

int64_t
sys_futex(struct line_thread *thread, const uint64_t *args)
{
	uint32_t command = (uint32_t)args[1] &
		~(uint32_t)(FUTEX_PRIVATE | FUTEX_CLOCK_REALTIME);
	uint32_t flags = args[1] & FUTEX_PRIVATE ? FACTOTUM_PRIVATE : 0;

	if (!aligned(args[0]))
		return -EINVAL;
	switch (command) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
		return futex_wait(thread, args, command, flags);
	case FUTEX_WAKE:
		return futex_wake(args, UINT32_MAX, flags);
	case FUTEX_WAKE_BITSET:
		return futex_wake(args, (uint32_t)args[5], flags);
	case FUTEX_REQUEUE:
		return futex_requeue(args, flags);
	case FUTEX_CMP_REQUEUE:
		return futex_requeue(args, flags | FACTOTUM_COMPARE);
	default:
		return -ENOSYS;
	}
}

int64_t
sys_set_robust_list(struct line_thread *thread, const uint64_t *args)
{
	if (args[1] != ROBUST_LIST_BYTES)
		return -EINVAL;
	thread->robust_list = args[0];
	return line_errno(factotum_robust_list(CAP_FACTOTUM, args[0], args[1]));
}

int64_t
sys_get_robust_list(struct line_thread *thread, const uint64_t *args)
{
	const uint64_t length = ROBUST_LIST_BYTES;

	if (args[0] != 0 && args[0] != thread->tid)
		return -EPERM;
	if (user_write(args[1], &thread->robust_list, 8) < 0 ||
		user_write(args[2], &length, 8) < 0)
		return -EFAULT;
	return 0;
}
