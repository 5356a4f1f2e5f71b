/* SPDX-License-Identifier: MIT */
/*
 * What Linux's vDSO offers on x86_64 (man-pages: vdso(7)). The clock's
 * frequency and epoch stand in the process page, at the same address in every
 * process and written before its first program began. Other clocks, and
 * addresses that are not the caller's, are left to the system call.
 */
#include "line.h"
#include "linux.h"

#define NUMBER_CLOCK_GETTIME 228
#define NUMBER_CLOCK_GETRES 229

#define EXPORTED(name, ...)                                                  \
	__attribute__((visibility("default")))                               \
	int64_t __vdso_##name(__VA_ARGS__);                                  \
	__attribute__((visibility("default"), weak, alias("__vdso_" #name))) \
	int64_t                                                              \
	name(__VA_ARGS__)

struct time {
	int64_t seconds;
	int64_t part; /* nanoseconds or microseconds */
};

static const struct line_process *
process(void)
{
	return (const struct line_process *)LINE_PROCESS;
}

/* No load or earlier read of the clock is later than this one. */
static uint64_t
ticks(void)
{
	__asm__ volatile("lfence" ::: "memory");
	return clock_ticks();
}

static struct time
monotonic(void)
{
	uint64_t frequency = process()->clock_frequency;
	uint64_t now = ticks();

	return (struct time){
		(int64_t)(now / frequency),
		(int64_t)(now % frequency * NANOSECONDS / frequency),
	};
}

static struct time
realtime(void)
{
	int64_t epoch = process()->clock_epoch;
	struct time now = monotonic();

	now.seconds += epoch / (int64_t)NANOSECONDS;
	now.part += epoch % (int64_t)NANOSECONDS;
	if (now.part >= (int64_t)NANOSECONDS) {
		now.part -= (int64_t)NANOSECONDS;
		now.seconds++;
	} else if (now.part < 0) {
		now.part += (int64_t)NANOSECONDS;
		now.seconds--;
	}
	return now;
}

static int64_t
system_call(uint64_t number, int32_t clock, struct time *out)
{
	int64_t result = (int64_t)number;

	__asm__ volatile("syscall"
			 : "+a"(result)
			 : "D"((int64_t)clock), "S"(out)
			 : "rcx", "r11", "memory");
	return result;
}

EXPORTED(clock_gettime, int32_t clock, struct time *out);
EXPORTED(clock_getres, int32_t clock, struct time *out);
EXPORTED(gettimeofday, struct time *out, int32_t *zone);
EXPORTED(getcpu, uint32_t *processor, uint32_t *node, void *unused);
EXPORTED(time, int64_t *out);

int64_t
__vdso_clock_gettime(int32_t clock, struct time *out)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
		*out = realtime();
		return 0;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		*out = monotonic();
		return 0;
	}
	return system_call(NUMBER_CLOCK_GETTIME, clock, out);
}

int64_t
__vdso_clock_getres(int32_t clock, struct time *out)
{
	return system_call(NUMBER_CLOCK_GETRES, clock, out);
}

int64_t
__vdso_gettimeofday(struct time *out, int32_t *zone)
{
	if (out) {
		*out = realtime();
		out->part /= 1000;
	}
	if (zone)
		zone[0] = zone[1] = 0;
	return 0;
}

/* One processor: what it answers cannot be out of date. */
int64_t
__vdso_getcpu(uint32_t *processor, uint32_t *node, void *unused)
{
	(void)unused;
	if (processor)
		*processor = 0;
	if (node)
		*node = 0;
	return 0;
}

int64_t
__vdso_time(int64_t *out)
{
	int64_t now = realtime().seconds;

	if (out)
		*out = now;
	return now;
}
