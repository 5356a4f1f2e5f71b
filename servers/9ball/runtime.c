/* SPDX-License-Identifier: MIT */
/*
 * What lib/glenda leaves to a program that starts before Factotum: its entry,
 * its heap, its slots and where its text goes.
 */
#include <errno.h>
#include <stdint.h>
#include <unistd.h>

#include <glenda/kernel_calls.h>
#include <glenda/log.h>
#include <glenda/slots.h>
#include <glenda/start.h>

#include "log.h"
#include "nineball.h"
#include "own.h"
#include "report.h"

#define HEAP_BYTES 16384

/* 9Ball allocates at start only, and little: printf's buffers. */
static uint8_t heap[HEAP_BYTES] __attribute__((aligned(16)));
static size_t heap_used;

void *
sbrk(ptrdiff_t increment)
{
	void *old = heap + heap_used;

	if (increment < -(ptrdiff_t)heap_used ||
		increment > (ptrdiff_t)(HEAP_BYTES - heap_used)) {
		errno = ENOMEM;
		return (void *)-1;
	}
	heap_used = (size_t)((ptrdiff_t)heap_used + increment);
	return old;
}

_Noreturn void
_exit(int status)
{
	report_panic("9Ball ended with status %d", status);
}

void
output_line(const char *text, size_t length)
{
	log_own(text, length);
}

cptr_t
slot_take(void)
{
	return own_slot();
}

void
slot_give(cptr_t slot)
{
	own_slot_free(slot);
}

void
slot_clear(cptr_t slot)
{
	cnode_delete(BOOT_SLOT_CNODE, slot);
}

void
slot_drop(cptr_t slot)
{
	own_slot_free(slot);
}

const struct start_info *
start_info(void)
{
	return NULL;
}

cptr_t
start_cap(const char *name)
{
	(void)name;
	return 0;
}

_Noreturn void
runtime_main(uintptr_t start)
{
	nineball_main((const struct boot_info *)start);
}
