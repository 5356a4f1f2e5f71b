/* SPDX-License-Identifier: MIT */
/*
 * Kits.
 *
 *   offset 0       UTCB (1 KiB), thread record
 *   offset 0x1000  shim stack, growing down from 0x4000
 *   offset 0x8000  process page of a vfork child
 *
 * A table entry is 0 when free, KIT_RESERVED while a thread is being made on
 * it, KIT_IDLE when it is free and its pages are there, else its tid, with
 * KIT_LEFT once the thread is about to end. The kit that was left last is
 * taken first, pages and all, if Factotum says that its thread is gone; other
 * entries of threads that ended are found that way when all are taken.
 */
#include "kit.h"

#include <glenda/factotum_client.h>

#include "memory.h"

#define KIT_RESERVED 1
#define KIT_IDLE 2
#define KIT_LEFT UINT32_C(0x80000000)
#define KIT_COUNT (sizeof(((struct line_process *)0)->kit_tid) / 4)
#define STACK_OFFSET UINT64_C(0x4000)
#define PROCESS_OFFSET UINT64_C(0x8000)

static uint64_t
kit_address(size_t index)
{
	return LINE_KITS + index * LINE_KIT_BYTES;
}

static size_t
kit_index(const struct line_thread *thread)
{
	return ((uintptr_t)thread - LINE_KITS) / LINE_KIT_BYTES;
}

static bool
map_pages(uint64_t address, uint64_t pages)
{
	return factotum_mmap(CAP_FACTOTUM, address, pages * PAGE_BYTES,
		       FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE,
		       FACTOTUM_MAP_PRIVATE | FACTOTUM_MAP_ANONYMOUS |
			       FACTOTUM_MAP_FIXED | FACTOTUM_MAP_SHIM |
			       FACTOTUM_MAP_POPULATE,
		       0, 0, NULL) == 0;
}

/* Whether the thread that an entry names is no more. */
static bool
is_gone(uint32_t entry)
{
	return factotum_signal_self(CAP_FACTOTUM, entry & ~KIT_LEFT, 0, 0, 0) ==
		STATUS_NOT_FOUND;
}

/* Free the entries of threads that are no more. */
static void
sweep(struct line_process *process)
{
	for (size_t i = 0; i < KIT_COUNT; i++) {
		uint32_t entry = process->kit_tid[i];

		if (entry == KIT_IDLE || (entry > KIT_IDLE && is_gone(entry)))
			process->kit_tid[i] = 0;
	}
}

/* The kit that was left last, cleared; NULL when it is not to be had. */
static struct line_thread *
take_left(struct line_process *process)
{
	size_t index = process->kit_last;
	void *kit = (void *)(uintptr_t)kit_address(index);
	uint32_t entry;

	line_lock(process);
	entry = process->kit_tid[index];
	if (entry == KIT_IDLE || entry & KIT_LEFT)
		process->kit_tid[index] = KIT_RESERVED;
	line_unlock(process);
	if (entry != KIT_IDLE && !(entry & KIT_LEFT))
		return NULL;
	if (entry & KIT_LEFT && !is_gone(entry)) {
		process->kit_tid[index] = entry;
		return NULL;
	}
	memset(kit, 0, UTCB_SIZE + sizeof(struct line_thread));
	return (void *)((char *)kit + UTCB_SIZE);
}

static bool
reserve(struct line_process *process, size_t *index)
{
	for (size_t n = 0; n < KIT_COUNT; n++) {
		size_t i = (process->kit_next + n) % KIT_COUNT;

		if (process->kit_tid[i] == 0) {
			process->kit_tid[i] = KIT_RESERVED;
			process->kit_next = (uint16_t)((i + 1) % KIT_COUNT);
			*index = i;
			return true;
		}
	}
	return false;
}

struct line_thread *
kit_take(struct line_process *process)
{
	struct line_thread *thread = take_left(process);
	size_t index = 0;
	bool found;

	if (thread)
		return thread;
	line_lock(process);
	found = reserve(process, &index);
	if (!found) {
		sweep(process);
		found = reserve(process, &index);
	}
	line_unlock(process);
	if (!found)
		return NULL;
	if (!map_pages(kit_address(index), LINE_KIT_PAGES)) {
		process->kit_tid[index] = 0;
		return NULL;
	}
	return (void *)(uintptr_t)(kit_address(index) + UTCB_SIZE);
}

void
kit_used_by(
	struct line_process *process, struct line_thread *thread, uint32_t tid)
{
	process->kit_tid[kit_index(thread)] = tid;
}

void
kit_give(struct line_process *process, struct line_thread *thread)
{
	process->kit_last = (uint16_t)kit_index(thread);
	process->kit_tid[kit_index(thread)] = KIT_IDLE;
}

void
kit_leave(struct line_thread *thread)
{
	struct line_process *process = thread->process;

	process->kit_last = (uint16_t)kit_index(thread);
	process->kit_tid[kit_index(thread)] = thread->tid | KIT_LEFT;
}

void
kit_only(struct line_thread *thread)
{
	struct line_process *process = thread->process;

	memset(process->kit_tid, 0, sizeof(process->kit_tid));
	process->kit_tid[kit_index(thread)] = KIT_RESERVED;
	process->lock = 0;
}

uint64_t
kit_stack(const struct line_thread *thread)
{
	return ((uintptr_t)thread & ~(LINE_KIT_BYTES - 1)) + STACK_OFFSET;
}

struct line_process *
kit_process(struct line_thread *thread, const struct line_process *parent)
{
	uint64_t address =
		((uintptr_t)thread & ~(LINE_KIT_BYTES - 1)) + PROCESS_OFFSET;
	struct line_process *process = (void *)(uintptr_t)address;

	if (!map_pages(address, 1))
		return NULL;
	memcpy(process, parent, sizeof(*process));
	memset(process->kit_tid, 0, sizeof(process->kit_tid));
	process->kit_tid[kit_index(thread)] = KIT_RESERVED;
	process->lock = 0;
	return process;
}
