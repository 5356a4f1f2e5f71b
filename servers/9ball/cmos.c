/* SPDX-License-Identifier: MIT */
/*
 * Reading the MC146818 (Motorola data sheet, "Address map" and "Update
 * cycle"); the century stands where PCs have put it (QEMU,
 * hw/rtc/mc146818rtc.c).
 */
#include "cmos.h"

#include <string.h>

#define TRIES 10000

enum cmos_port {
	CMOS_INDEX = 0,
	CMOS_DATA = 1,
};

enum cmos_register {
	CMOS_SECOND = 0x00,
	CMOS_MINUTE = 0x02,
	CMOS_HOUR = 0x04,
	CMOS_DAY = 0x07,
	CMOS_MONTH = 0x08,
	CMOS_YEAR = 0x09,
	CMOS_STATUS_A = 0x0a,
	CMOS_STATUS_B = 0x0b,
	CMOS_CENTURY = 0x32,
};

enum cmos_status {
	STATUS_A_UPDATING = 0x80,
	STATUS_B_FULL_HOUR = 0x02,
	STATUS_B_BINARY = 0x04,
};

static uint8_t
get(const struct registers *registers, enum cmos_register number)
{
	registers_write8(registers, CMOS_INDEX, number);
	return registers_read8(registers, CMOS_DATA);
}

static void
read_once(const struct registers *registers, struct cmos_time *out)
{
	uint8_t status = get(registers, CMOS_STATUS_B);

	memset(out, 0, sizeof(*out));
	out->second = get(registers, CMOS_SECOND);
	out->minute = get(registers, CMOS_MINUTE);
	out->hour = get(registers, CMOS_HOUR);
	out->day = get(registers, CMOS_DAY);
	out->month = get(registers, CMOS_MONTH);
	out->year = get(registers, CMOS_YEAR);
	out->century = get(registers, CMOS_CENTURY);
	out->binary = status & STATUS_B_BINARY;
	out->full_hour = status & STATUS_B_FULL_HOUR;
}

bool
cmos_read(const struct registers *registers, struct cmos_time *out)
{
	for (unsigned i = 0; i < TRIES; i++) {
		struct cmos_time again;

		if (get(registers, CMOS_STATUS_A) & STATUS_A_UPDATING)
			continue;
		read_once(registers, out);
		read_once(registers, &again);
		if (memcmp(out, &again, sizeof(again)) == 0)
			return true;
	}
	return false;
}

static unsigned
number(const struct cmos_time *time, uint8_t value)
{
	return time->binary ? value : (value >> 4) * 10u + (value & 15);
}

static unsigned
hour(const struct cmos_time *time)
{
	unsigned value = number(time, time->hour & 0x7f);

	if (time->full_hour)
		return value;
	return value % 12 + (time->hour & 0x80 ? 12 : 0);
}

static unsigned
year(const struct cmos_time *time)
{
	unsigned century = number(time, time->century);
	unsigned value = number(time, time->year);

	if (century >= 19 && century <= 22)
		return century * 100 + value;
	return value + (value < 70 ? 2000 : 1900);
}

/* Days from 1970 to the first of March of a year that starts in March. */
static int64_t
days_to_march(unsigned march_year)
{
	int64_t years = (int64_t)march_year - 1970;
	unsigned leaps = march_year / 4 - march_year / 100 + march_year / 400;

	/* 1972 is the first leap year after 1970, the 478th ever. */
	return years * 365 + (int64_t)leaps - 477 + 59;
}

int64_t
cmos_seconds(const struct cmos_time *time)
{
	unsigned day = number(time, time->day);
	unsigned month = number(time, time->month);
	unsigned minute = number(time, time->minute);
	unsigned second = number(time, time->second);
	unsigned since_march;
	int64_t days;

	if (day < 1 || day > 31 || month < 1 || month > 12 || hour(time) > 23 ||
		minute > 59 || second > 60)
		return -1;
	/* February, with the day that comes and goes, ends the year. */
	since_march = (month + 9) % 12;
	days = days_to_march(year(time) - (month < 3)) +
		(153 * since_march + 2) / 5 + day - 1;
	return ((days * 24 + hour(time)) * 60 + minute) * 60 + second;
}
