/* SPDX-License-Identifier: MIT */
/*
 * The "google,goldfish-rtc" device of QEMU's virt machine: two registers that
 * hold nanoseconds since 1970; reading the low one latches the high one
 * (QEMU, hw/rtc/goldfish_rtc.c).
 */
#include "calendar.h"

#include <stddef.h>

#include <glenda/syscall.h>

#include "devices.h"

#define NANOSECONDS UINT64_C(1000000000)

enum rtc_register {
	RTC_TIME_LOW = 0,
	RTC_TIME_HIGH = 1,
};

int64_t
calendar_epoch(uint64_t frequency)
{
	struct device device;
	volatile const uint32_t *registers;
	uint64_t now, ticks;

	if (!device_find("google,goldfish-rtc", 0, &device))
		return 0;
	registers = device_view(&device);
	if (!registers)
		return 0;
	now = registers[RTC_TIME_LOW];
	now |= (uint64_t)registers[RTC_TIME_HIGH] << 32;
	ticks = clock_ticks();
	return (int64_t)(now - ticks / frequency * NANOSECONDS -
		ticks % frequency * NANOSECONDS / frequency);
}
