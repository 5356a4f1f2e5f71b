/* SPDX-License-Identifier: MIT */
/*
 * The PC's calendar clock, an MC146818 behind an index and a data port.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glenda/registers.h>

/* Its registers as it gives them, with those of date and time. */
struct cmos_time {
	uint8_t second, minute, hour, day, month, year, century;
	bool binary;	/* else two decimal digits in each byte */
	bool full_hour; /* 0 to 23; else 1 to 12, bit 7: afternoon */
};

/* Read a time that is not just changing. False: the clock gives none. */
bool cmos_read(const struct registers *registers, struct cmos_time *out);

/*
 * Seconds since 1970 UTC of a time; -1 when it is none. A century of 0 means
 * that the clock does not count them: the years are then 1970 to 2069.
 */
int64_t cmos_seconds(const struct cmos_time *time);
