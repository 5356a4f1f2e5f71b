/* SPDX-License-Identifier: MIT */
/*
 * One of two calendar clocks. The "google,goldfish-rtc" device of QEMU's virt
 * machine has two registers that hold nanoseconds since 1970; reading the low
 * one latches the high one (QEMU, hw/rtc/goldfish_rtc.c). The PC's counts
 * seconds (cmos.c).
 */
#include "calendar.h"

#include <stdbool.h>

#include <glenda/syscall.h>

#include "cmos.h"
#include "devices.h"

#define NANOSECONDS UINT64_C(1000000000)

enum rtc_register {
	RTC_TIME_LOW = 0,
	RTC_TIME_HIGH = 1,
};

static bool
goldfish_now(uint64_t *now)
{
	struct registers registers;
	volatile const uint32_t *words;
	struct device device;

	if (!device_find("google,goldfish-rtc", 0, &device) ||
		!device_open(&device, &registers))
		return false;
	words = (volatile const uint32_t *)registers.memory;
	*now = words[RTC_TIME_LOW];
	*now |= (uint64_t)words[RTC_TIME_HIGH] << 32;
	return true;
}

static bool
cmos_now(uint64_t *now)
{
	struct registers registers;
	struct device device;
	struct cmos_time time;
	int64_t seconds = -1;

	if (!device_find("motorola,mc146818", 0, &device) ||
		!device_open(&device, &registers))
		return false;
	if (cmos_read(&registers, &time))
		seconds = cmos_seconds(&time);
	*now = (uint64_t)seconds * NANOSECONDS;
	return seconds >= 0;
}

int64_t
calendar_epoch(uint64_t frequency)
{
	uint64_t now, ticks;

	if (!goldfish_now(&now) && !cmos_now(&now))
		return 0;
	ticks = clock_ticks();
	return (int64_t)(now - ticks / frequency * NANOSECONDS -
		ticks % frequency * NANOSECONDS / frequency);
}
