/* SPDX-License-Identifier: MIT */
/*
 * Size classes: four per doubling up to a page, whole powers of two beyond.
 * Small blocks are cut from the page at the end of the heap.
 */
#include "heap.h"

#include "frames.h"
#include "kobjects.h"

#include <glenda/kernel_calls.h>
#include <string.h>

#define CLASS_MIN_SHIFT 5
#define CLASS_PER_DOUBLING 4
#define PAGE_CLASSES ((PAGE_SHIFT - CLASS_MIN_SHIFT) * CLASS_PER_DOUBLING)
#define CLASS_COUNT (PAGE_CLASSES + 20)

struct free_block {
	struct free_block *next;
};

static struct free_block *lists[CLASS_COUNT];
static cptr_t own_vspace;
static vaddr_t heap_next;   /* first byte never handed out */
static vaddr_t heap_mapped; /* end of what is mapped */
static vaddr_t heap_end;
static vaddr_t heap_base;
static uint64_t bytes_out;

void
heap_init(cptr_t vspace, vaddr_t base, size_t size)
{
	memset(lists, 0, sizeof(lists));
	own_vspace = vspace;
	heap_base = heap_next = heap_mapped = base;
	heap_end = base + size;
	bytes_out = 0;
}

/* The class of a size and, through *rounded, the size that it stands for. */
static unsigned
class_of(size_t size, size_t *rounded)
{
	unsigned shift, step;

	if (size <= 1u << CLASS_MIN_SHIFT) {
		*rounded = 1u << CLASS_MIN_SHIFT;
		return 0;
	}
	/* Most blocks are small: a loop is shorter than counting zeros. */
	for (shift = CLASS_MIN_SHIFT; (size - 1) >> (shift + 1); shift++)
		continue;
	if (shift >= PAGE_SHIFT) {
		*rounded = 2ul << shift;
		return PAGE_CLASSES + 1 + shift - PAGE_SHIFT;
	}
	/* size is in (2^shift, 2^(shift + 1)] */
	step = (unsigned)((size - 1 - (1ul << shift)) >> (shift - 2));
	*rounded = (1ul << shift) + ((step + 1ul) << (shift - 2));
	return (shift - CLASS_MIN_SHIFT) * CLASS_PER_DOUBLING + step + 1;
}

/* Map a page at the end of what is mapped. */
static bool
map_page(void)
{
	frame_t frame = frame_alloc();
	status_t status;

	if (!frame)
		return false;
	do {
		status = vspace_map(own_vspace, heap_mapped, frame_cap(frame),
			frame_page(frame), 1, RIGHT_READ | RIGHT_WRITE, NULL,
			NULL);
	} while (status == STATUS_NO_TABLE &&
		kobject_map_table(own_vspace, heap_mapped, NULL));
	if (status < 0) {
		frame_drop(frame);
		return false;
	}
	heap_mapped += PAGE_SIZE;
	return true;
}

static void *
extend(size_t size)
{
	vaddr_t start = heap_next;

	/* A block of up to a page lies within one page. */
	if (size <= PAGE_SIZE && (start & (PAGE_SIZE - 1)) + size > PAGE_SIZE)
		start = (start + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	if (size > heap_end - start)
		return NULL;
	/* Mapping may come back here for another block: take ours first. */
	heap_next = start + size;
	while (heap_mapped < start + size) {
		if (map_page())
			continue;
		if (heap_next == start + size)
			heap_next = start;
		return NULL;
	}
	return (void *)(uintptr_t)start;
}

void *
heap_alloc(size_t size)
{
	size_t rounded;
	unsigned class = class_of(size, &rounded);
	void *block;

	if (class >= CLASS_COUNT)
		return NULL;
	block = lists[class];
	if (block)
		lists[class] = lists[class]->next;
	else
		block = extend(rounded);
	if (!block)
		return NULL;
	bytes_out += rounded;
	return memset(block, 0, size);
}

void
heap_free(void *block, size_t size)
{
	size_t rounded;
	unsigned class = class_of(size, &rounded);
	struct free_block *freed = block;

	if (!block)
		return;
	freed->next = lists[class];
	lists[class] = freed;
	bytes_out -= rounded;
}

uint64_t
heap_pages(void)
{
	return (heap_mapped - heap_base) / PAGE_SIZE;
}

uint64_t
heap_bytes(void)
{
	return bytes_out;
}
