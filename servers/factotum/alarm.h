/* SPDX-License-Identifier: MIT */
/*
 * Deadlines: sleeps, timeouts and interval timers, in an ordered heap over
 * one Timer of the kernel, which is always set for the nearest.
 */
#pragma once

#include <glenda/types.h>

struct alarm {
	uint64_t deadline; /* clock ticks */
	uint32_t place;	   /* in the heap, from 1; 0 = not set */
	void (*expired)(struct alarm *alarm);
};

/* The thread or process that holds the alarm as its member `field`. */
#define HOLDER(pointer, type, field) \
	((type *)(void *)((char *)(pointer)-offsetof(type, field)))

/* `timer` is the kernel's, `signal` the notification that it rings. */
void alarms_init(cptr_t timer, cptr_t signal);

/* Set or move an alarm. NO_MEMORY: it is not set. */
status_t alarm_set(struct alarm *alarm, uint64_t deadline,
	void (*expired)(struct alarm *alarm));

/* Forget it, if it is set. */
void alarm_cancel(struct alarm *alarm);

/* Call what has expired by `now` and set the kernel's timer again. */
void alarms_run(uint64_t now);

/* Alarms that are set. */
unsigned alarms_count(void);
