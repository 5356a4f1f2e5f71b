/* SPDX-License-Identifier: MIT */
/*
 * Clocks, sleeping, interval timers and used time. The clocks cost no
 * message: the counter is readable, and its frequency and epoch came with
 * the start page.
 */
#include <glenda/factotum_client.h>

#include "calls.h"
#include "clock.h"
#include "user.h"

enum {
	USAGE_SELF = 0,
	USAGE_CHILDREN = 1,
	USAGE_THREAD = 2,
};

#define TICK_HERTZ 100 /* of struct tms */
#define DEADLINE_LAST (UINT64_MAX >> 2)

int64_t
timespec_read(uint64_t address, struct linux_timespec *out)
{
	if (user_read(out, address, sizeof(*out)) < 0)
		return -EFAULT;
	if (out->seconds < 0 || out->nanoseconds < 0 ||
		out->nanoseconds >= (int64_t)NANOSECONDS)
		return -EINVAL;
	return 0;
}

uint64_t
clock_deadline(const struct line_process *process,
	const struct linux_timespec *relative)
{
	uint64_t ticks = line_ticks(process, (uint64_t)relative->seconds,
		(uint64_t)relative->nanoseconds);

	return clock_ticks() + ticks + 1;
}

struct linux_timespec
clock_span(const struct line_process *process, uint64_t ticks)
{
	uint64_t frequency = process->clock_frequency;

	return (struct linux_timespec){
		(int64_t)(ticks / frequency),
		(int64_t)(ticks % frequency * NANOSECONDS / frequency),
	};
}

struct linux_timespec
clock_realtime(const struct line_process *process)
{
	struct linux_timespec now = clock_span(process, clock_ticks());

	now.seconds += process->clock_epoch / (int64_t)NANOSECONDS;
	now.nanoseconds += process->clock_epoch % (int64_t)NANOSECONDS;
	if (now.nanoseconds >= (int64_t)NANOSECONDS) {
		now.nanoseconds -= (int64_t)NANOSECONDS;
		now.seconds++;
	} else if (now.nanoseconds < 0) {
		now.nanoseconds += (int64_t)NANOSECONDS;
		now.seconds--;
	}
	return now;
}

uint64_t
line_realtime_ticks(const struct line_process *process)
{
	int64_t epoch = process->clock_epoch;

	if (epoch <= 0)
		return 0;
	return line_ticks(process, (uint64_t)epoch / NANOSECONDS,
		(uint64_t)epoch % NANOSECONDS);
}

static struct linux_timespec
from_microseconds(uint64_t us)
{
	return (struct linux_timespec){
		(int64_t)(us / MICROSECONDS),
		(int64_t)(us % MICROSECONDS * 1000),
	};
}

static int64_t
used_time(uint32_t who, struct linux_timespec *out)
{
	uint64_t user, system;
	status_t status = factotum_usage(
		CAP_FACTOTUM, who, &user, &system, NULL, NULL, NULL, NULL);

	if (status < 0)
		return line_errno(status);
	*out = from_microseconds(user + system);
	return 0;
}

/* Clocks of processes and threads by number: the caller's own, and no other. */
static int64_t
own_clock(const struct line_thread *thread, int32_t clock)
{
	enum { OF_THREAD = 4, SCHEDULED = 2, KIND = 3 };
	uint32_t id = ~(uint32_t)clock >> 3;

	if ((clock & KIND) > SCHEDULED)
		return -EINVAL;
	if (clock & OF_THREAD)
		return id == 0 || id == thread->tid ? USAGE_THREAD : -EINVAL;
	return id == 0 || id == thread->pid ? USAGE_SELF : -EINVAL;
}

static int64_t
clock_read(const struct line_thread *thread, int32_t clock,
	struct linux_timespec *out)
{
	int64_t who;

	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
		*out = clock_realtime(thread->process);
		return 0;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		*out = clock_span(thread->process, clock_ticks());
		return 0;
	case CLOCK_PROCESS_CPUTIME_ID:
		return used_time(USAGE_SELF, out);
	case CLOCK_THREAD_CPUTIME_ID:
		return used_time(USAGE_THREAD, out);
	}
	if (clock >= 0)
		return -EINVAL;
	who = own_clock(thread, clock);
	return who < 0 ? who : used_time((uint32_t)who, out);
}

int64_t
sys_clock_gettime(struct line_thread *thread, const uint64_t *args)
{
	struct linux_timespec now;
	int64_t result = clock_read(thread, (int32_t)args[0], &now);

	if (result < 0)
		return result;
	return user_write(args[1], &now, sizeof(now));
}

int64_t
sys_clock_getres(struct line_thread *thread, const uint64_t *args)
{
	enum { COARSE = 4000000, CPU_TIME = 1000 };
	struct linux_timespec r = {0, 1};
	int32_t clock = (int32_t)args[0];

	if (clock > CLOCK_BOOTTIME ||
		(clock < 0 && own_clock(thread, clock) < 0))
		return -EINVAL;
	if (!args[1])
		return 0;
	if (clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE)
		r.nanoseconds = COARSE;
	return user_write(args[1], &r, sizeof(r));
}

/* The calendar belongs to the machine; no process may set it. */
int64_t
sys_clock_settime(struct line_thread *thread, const uint64_t *args)
{
	struct linux_timespec t;
	int64_t result = timespec_read(args[1], &t);

	(void)thread;
	if ((int32_t)args[0] != CLOCK_REALTIME)
		return -EINVAL;
	return result < 0 ? result : -EPERM;
}

int64_t
sys_settimeofday(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	(void)args;
	return -EPERM;
}

int64_t
sys_gettimeofday(struct line_thread *thread, const uint64_t *args)
{
	struct linux_timespec now = clock_realtime(thread->process);
	struct linux_timeval out = {now.seconds, now.nanoseconds / 1000};
	const uint64_t zone = 0; /* struct timezone: UTC */

	if (args[0] && user_write(args[0], &out, sizeof(out)) < 0)
		return -EFAULT;
	if (args[1] && user_write(args[1], &zone, sizeof(zone)) < 0)
		return -EFAULT;
	return 0;
}

static int64_t
sleep_until(uint64_t deadline)
{
	status_t status;

	while (clock_ticks() < deadline) {
		status = factotum_sleep(CAP_FACTOTUM, 0, deadline);
		if (status < 0)
			return line_restartable(status);
	}
	return 0;
}

/*
 * A span: the deadline outlives interruptions in restart_deadline, which is
 * cleared when a handler ran, so that the next call begins anew.
 */
static int64_t
sleep_span(struct line_thread *thread, const struct linux_timespec *span,
	uint64_t remainder)
{
	uint64_t deadline = thread->restart_deadline;
	struct linux_timespec left;
	int64_t result;
	uint64_t now;

	if (!deadline)
		deadline = clock_deadline(thread->process, span);
	thread->restart_deadline = 0;
	result = sleep_until(deadline);
	if (result != RESTART_SYS)
		return result;
	now = clock_ticks();
	left = clock_span(thread->process, deadline > now ? deadline - now : 0);
	if (remainder && user_write(remainder, &left, sizeof(left)) < 0)
		return -EFAULT;
	thread->restart_deadline = deadline;
	return RESTART_BLOCK;
}

int64_t
sys_nanosleep(struct line_thread *thread, const uint64_t *args)
{
	struct linux_timespec span;
	int64_t result = timespec_read(args[0], &span);

	return result < 0 ? result : sleep_span(thread, &span, args[1]);
}

static uint64_t
absolute_deadline(const struct line_thread *thread, int32_t clock,
	const struct linux_timespec *t)
{
	uint64_t ticks = line_ticks(thread->process, (uint64_t)t->seconds,
		(uint64_t)t->nanoseconds);
	uint64_t base = 0;

	if (clock == CLOCK_REALTIME)
		base = line_realtime_ticks(thread->process);
	if (ticks <= base)
		return DEADLINE_PAST;
	return ticks < DEADLINE_LAST ? ticks - base : DEADLINE_LAST;
}

int64_t
sys_clock_nanosleep(struct line_thread *thread, const uint64_t *args)
{
	enum { TIMER_ABSTIME = 1 };
	int32_t clock = (int32_t)args[0];
	struct linux_timespec t;
	int64_t result;

	if (clock == CLOCK_PROCESS_CPUTIME_ID)
		return -EOPNOTSUPP;
	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC &&
		clock != CLOCK_BOOTTIME)
		return clock >= 0 && clock <= CLOCK_BOOTTIME &&
				clock != CLOCK_THREAD_CPUTIME_ID
			? -EOPNOTSUPP
			: -EINVAL;
	result = timespec_read(args[2], &t);
	if (result < 0)
		return result;
	if (!(args[1] & TIMER_ABSTIME))
		return sleep_span(thread, &t, args[3]);
	result = sleep_until(absolute_deadline(thread, clock, &t));
	return result == RESTART_SYS ? RESTART_NOHAND : result;
}

/* Two struct timeval: interval, then value. */
struct interval {
	struct linux_timeval period;
	struct linux_timeval left;
};

static uint64_t
timeval_ticks(const struct line_process *process, const struct linux_timeval *t)
{
	return line_ticks(process, (uint64_t)t->seconds,
		(uint64_t)t->microseconds * 1000);
}

static struct linux_timeval
ticks_timeval(const struct line_process *process, uint64_t ticks)
{
	struct linux_timespec t = clock_span(process, ticks);

	return (struct linux_timeval){t.seconds, t.nanoseconds / 1000};
}

static bool
timeval_valid(const struct linux_timeval *t)
{
	return t->seconds >= 0 && t->microseconds >= 0 &&
		t->microseconds < (int64_t)MICROSECONDS;
}

static int64_t
interval_put(const struct line_process *process, uint64_t address,
	const uint64_t *old)
{
	struct interval out = {
		.left = ticks_timeval(process, old[0]),
		.period = ticks_timeval(process, old[1]),
	};

	/* What is less than a microsecond away still is to come. */
	if (old[0] && !out.left.seconds && !out.left.microseconds)
		out.left.microseconds = 1;
	return user_write(address, &out, sizeof(out));
}

int64_t
sys_setitimer(struct line_thread *thread, const uint64_t *args)
{
	const struct line_process *process = thread->process;
	struct interval in = {0};
	uint64_t old[2];
	status_t status;

	if (args[1] && user_read(&in, args[1], sizeof(in)) < 0)
		return -EFAULT;
	if (!timeval_valid(&in.period) || !timeval_valid(&in.left))
		return -EINVAL;
	status = factotum_timer_set(CAP_FACTOTUM, (uint32_t)args[0],
		timeval_ticks(process, &in.left),
		timeval_ticks(process, &in.period), &old[0], &old[1]);
	if (status < 0)
		return line_errno(status);
	return args[2] ? interval_put(process, args[2], old) : 0;
}

/* Factotum answers what was left when a timer is set: take it, put it back. */
int64_t
sys_getitimer(struct line_thread *thread, const uint64_t *args)
{
	uint64_t old[2];
	status_t status;

	status = factotum_timer_set(
		CAP_FACTOTUM, (uint32_t)args[0], 0, 0, &old[0], &old[1]);
	if (status == STATUS_OK && old[0])
		status = factotum_timer_set(CAP_FACTOTUM, (uint32_t)args[0],
			old[0], old[1], NULL, NULL);
	if (status < 0)
		return line_errno(status);
	return interval_put(thread->process, args[1], old);
}

static uint64_t
tms_ticks(uint64_t us)
{
	return us / (MICROSECONDS / TICK_HERTZ);
}

int64_t
sys_times(struct line_thread *thread, const uint64_t *args)
{
	struct linux_timespec now;
	uint64_t us[4] = {0}; /* user, system, and those of children */
	status_t status;

	status = factotum_usage(CAP_FACTOTUM, USAGE_SELF, &us[0], &us[1], NULL,
		NULL, NULL, NULL);
	if (status == STATUS_OK)
		status = factotum_usage(CAP_FACTOTUM, USAGE_CHILDREN, &us[2],
			&us[3], NULL, NULL, NULL, NULL);
	if (status < 0)
		return line_errno(status);
	for (unsigned i = 0; i < 4; i++)
		us[i] = tms_ticks(us[i]);
	if (args[0] && user_write(args[0], us, sizeof(us)) < 0)
		return -EFAULT;
	now = clock_span(thread->process, clock_ticks());
	return now.seconds * TICK_HERTZ +
		now.nanoseconds / (int64_t)(NANOSECONDS / TICK_HERTZ);
}

/* struct rusage of Linux. */
struct usage {
	struct linux_timeval user;
	struct linux_timeval system;
	int64_t max_rss;
	int64_t unused[3];
	int64_t minor_faults;
	int64_t major_faults;
	int64_t unused_too[6];
	int64_t voluntary;
	int64_t involuntary;
};

_Static_assert(sizeof(struct usage) == 144, "struct rusage");

int64_t
sys_getrusage(struct line_thread *thread, const uint64_t *args)
{
	uint64_t user, system, faults, voluntary, involuntary, max_rss;
	struct usage out = {0};
	uint32_t who;
	status_t status;

	(void)thread;
	switch ((int32_t)args[0]) {
	case 0:
		who = USAGE_SELF;
		break;
	case -1:
		who = USAGE_CHILDREN;
		break;
	case 1:
		who = USAGE_THREAD;
		break;
	default:
		return -EINVAL;
	}
	status = factotum_usage(CAP_FACTOTUM, who, &user, &system, &faults,
		&voluntary, &involuntary, &max_rss);
	if (status < 0)
		return line_errno(status);
	out.user = (struct linux_timeval){
		(int64_t)(user / MICROSECONDS), (int64_t)(user % MICROSECONDS)};
	out.system = (struct linux_timeval){(int64_t)(system / MICROSECONDS),
		(int64_t)(system % MICROSECONDS)};
	out.max_rss = (int64_t)max_rss;
	out.minor_faults = (int64_t)faults;
	out.voluntary = (int64_t)voluntary;
	out.involuntary = (int64_t)involuntary;
	return user_write(args[1], &out, sizeof(out));
}
