/* SPDX-License-Identifier: MIT */
/*
 * Priorities, policies and processors. Tux checks who may, Factotum and the
 * kernel do it.
 */
#include <glenda/tux_client.h>

#include "calls.h"
#include "linux.h"
#include "user.h"

enum {
	SCHED_OTHER = 0,
	SCHED_FIFO = 1,
	SCHED_RR = 2,
	SCHED_BATCH = 3,
	SCHED_IDLE = 5,
};

enum {
	GET = 0,
	SET = 1,
};

/* The policy stays as it is (sched_setparam). */
#define KEEP_POLICY UINT32_MAX

int64_t
sys_setpriority(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	if (args[0] > 2)
		return -EINVAL;
	return line_errno(tux_setpriority(CAP_TUX, (uint32_t)args[0],
		(int32_t)args[1], (int32_t)args[2]));
}

int64_t
sys_getpriority(struct line_thread *thread, const uint64_t *args)
{
	int32_t value;
	status_t status;

	(void)thread;
	if (args[0] > 2)
		return -EINVAL;
	status = tux_getpriority(
		CAP_TUX, (uint32_t)args[0], (int32_t)args[1], &value);
	return status < 0 ? line_errno(status) : value;
}

static int64_t
scheduler_get(uint64_t tid, uint32_t *policy, uint32_t *priority)
{
	if ((int32_t)tid < 0)
		return -EINVAL;
	return line_errno(tux_scheduler(
		CAP_TUX, GET, (int32_t)tid, 0, 0, policy, priority));
}

static int64_t
scheduler_set(uint64_t tid, uint32_t policy, uint64_t param)
{
	uint32_t priority;

	if ((int32_t)tid < 0 || !param)
		return -EINVAL;
	if (user_read(&priority, param, sizeof(priority)) < 0)
		return -EFAULT;
	return line_errno(tux_scheduler(
		CAP_TUX, SET, (int32_t)tid, policy, priority, NULL, NULL));
}

int64_t
sys_sched_getscheduler(struct line_thread *thread, const uint64_t *args)
{
	uint32_t policy = SCHED_OTHER;
	int64_t result = scheduler_get(args[0], &policy, NULL);

	(void)thread;
	return result < 0 ? result : (int64_t)policy;
}

int64_t
sys_sched_getparam(struct line_thread *thread, const uint64_t *args)
{
	uint32_t priority;
	int64_t result;

	(void)thread;
	if (!args[1])
		return -EINVAL;
	result = scheduler_get(args[0], NULL, &priority);
	return result < 0 ? result
			  : user_write(args[1], &priority, sizeof(priority));
}

int64_t
sys_sched_setscheduler(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	if ((int32_t)args[1] < 0)
		return -EINVAL;
	return scheduler_set(args[0], (uint32_t)args[1], args[2]);
}

int64_t
sys_sched_setparam(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	return scheduler_set(args[0], KEEP_POLICY, args[1]);
}

int64_t
sys_sched_setaffinity(struct line_thread *thread, const uint64_t *args)
{
	uint64_t mask = 0;
	size_t length = args[1] < sizeof(mask) ? args[1] : sizeof(mask);

	(void)thread;
	if (user_read(&mask, args[2], length) < 0)
		return -EFAULT;
	return line_errno(
		tux_affinity(CAP_TUX, SET, (int32_t)args[0], mask, NULL));
}

int64_t
sys_sched_getaffinity(struct line_thread *thread, const uint64_t *args)
{
	uint64_t mask;
	status_t status;

	(void)thread;
	if (args[1] < sizeof(mask) || args[1] % sizeof(mask))
		return -EINVAL;
	status = tux_affinity(CAP_TUX, GET, (int32_t)args[0], 0, &mask);
	if (status < 0)
		return line_errno(status);
	if (user_write(args[2], &mask, sizeof(mask)) < 0)
		return -EFAULT;
	return sizeof(mask);
}

int64_t
sys_sched_get_priority_max(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	switch ((uint32_t)args[0]) {
	case SCHED_FIFO:
	case SCHED_RR:
		return 99;
	case SCHED_OTHER:
	case SCHED_BATCH:
	case SCHED_IDLE:
		return 0;
	}
	return -EINVAL;
}

int64_t
sys_sched_get_priority_min(struct line_thread *thread, const uint64_t *args)
{
	int64_t most = sys_sched_get_priority_max(thread, args);

	return most > 0 ? 1 : most;
}
