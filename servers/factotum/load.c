/* SPDX-License-Identifier: MIT */
/*
 * Loading natives and the Linux shim. Segments are windows of the image; the
 * first write to a page copies it. Nothing of a malformed image stays.
 */
#include "load.h"

#include "broker.h"
#include "heap.h"
#include "registers.h"

#include <elf.h>
#include <glenda/factotum.h>
#include <glenda/ipc.h>
#include <glenda/kernel_calls.h>
#include <glenda/layout.h>
#include <glenda/start.h>
#include <string.h>

#define HEADER_BYTES 4096
#define NATIVE_BITS 8
#define LINUX_BITS 5
#define RELOCATED_BASE 0x200000ul

static uint8_t
segment_prot(uint32_t flags)
{
	uint8_t prot = 0;

	if (flags & ELF_READ)
		prot |= FACTOTUM_PROT_READ;
	if (flags & ELF_WRITE)
		prot |= FACTOTUM_PROT_WRITE | FACTOTUM_PROT_READ;
	if (flags & ELF_EXEC)
		prot |= FACTOTUM_PROT_EXEC;
	return prot;
}

static status_t
add_segment(struct process *process, struct object *image,
	const struct elf_segment *segment, vaddr_t base)
{
	vaddr_t start = base + segment->vaddr;
	vaddr_t end = start + segment->memory_bytes;
	struct area area = {
		.start = start & ~(PAGE_SIZE - 1),
		.end = (end + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1),
		.flags = FACTOTUM_MAP_PRIVATE,
		.prot = segment_prot(segment->flags),
	};

	if (segment->shares_page)
		return STATUS_BAD_IMAGE;
	if (process->is_linux)
		area.flags |= FACTOTUM_MAP_SHIM;
	if (segment->file_bytes > 0) {
		area.object = image;
		area.offset = segment->offset & ~(PAGE_SIZE - 1);
		area.file_end = start + segment->file_bytes;
	} else {
		area.flags |= FACTOTUM_MAP_ANONYMOUS;
	}
	if (!range_valid(area.start, area.end - area.start))
		return STATUS_BAD_IMAGE;
	return area_insert(process->space, &area);
}

static status_t
add_segments(struct process *process, struct object *image,
	const struct elf_image *elf, vaddr_t base)
{
	struct elf_segment segment;
	unsigned cursor = 0;
	int more;

	while ((more = elf_segment_next(elf, &cursor, &segment)) > 0) {
		status_t status = add_segment(process, image, &segment, base);

		if (status < 0)
			return status;
	}
	return more < 0 ? STATUS_BAD_IMAGE : STATUS_OK;
}

static status_t
load_header(struct process *process, struct object *image, const void *header,
	size_t have)
{
	const struct elf_want want = {
		.machine = ARCH_ELF_MACHINE,
		.page_size = PAGE_SIZE,
		.limit = USER_END,
	};
	struct elf_image elf;
	vaddr_t base = 0;
	status_t status;

	if (elf_header_check(header, have, image->size, &want, &elf) < 0 ||
		elf.has_interp)
		return STATUS_BAD_IMAGE;
	if (elf.relocatable && elf.start < RELOCATED_BASE)
		base = RELOCATED_BASE;
	if (!process->is_linux && elf.end + base > MMAP_TOP)
		return STATUS_BAD_IMAGE;
	status = add_segments(process, image, &elf, base);
	if (status < 0)
		return status;
	process->entry = base + elf.entry;
	process->space->brk_start = process->space->brk = base + elf.end;
	return STATUS_OK;
}

status_t
load_image(struct process *process, struct object *image)
{
	size_t have = image->size < HEADER_BYTES ? image->size : HEADER_BYTES;
	void *header = heap_alloc(HEADER_BYTES);
	status_t status;

	if (!header)
		return STATUS_NO_MEMORY;
	status = object_read(image, 0, header, have);
	if (status >= 0)
		status = load_header(process, image, header, have);
	heap_free(header, HEADER_BYTES);
	if (status < 0)
		return status;
	process->image = image;
	object_use(image);
	return STATUS_OK;
}

vaddr_t
utcb_take(struct process *process)
{
	for (unsigned i = 0; i < NATIVE_UTCB_COUNT; i++) {
		uint64_t *word = &process->utcbs[i / 64];

		if (*word >> i % 64 & 1)
			continue;
		*word |= 1ul << i % 64;
		return NATIVE_UTCBS + i * UTCB_SIZE;
	}
	return 0;
}

void
utcb_give(struct process *process, vaddr_t utcb)
{
	uint64_t i = (utcb - NATIVE_UTCBS) / UTCB_SIZE;

	if (utcb >= NATIVE_UTCBS && i < NATIVE_UTCB_COUNT)
		process->utcbs[i / 64] &= ~(1ul << i % 64);
}

static status_t
add_plain(struct process *process, vaddr_t start, uint64_t bytes,
	uint32_t flags, uint8_t prot)
{
	const struct area area = {
		.start = start,
		.end = start + bytes,
		.flags = flags | FACTOTUM_MAP_PRIVATE | FACTOTUM_MAP_ANONYMOUS,
		.prot = prot,
	};

	if (!area_vacant(process->space, area.start, area.end))
		return STATUS_BAD_IMAGE;
	return area_insert(process->space, &area);
}

static status_t
add_areas(struct process *process)
{
	const uint8_t data = FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE;
	status_t status = add_plain(
		process, START_ADDRESS, START_BYTES, 0, FACTOTUM_PROT_READ);

	if (status < 0)
		return status;
	if (process->is_linux)
		return add_plain(process, LINE_KITS, LINE_KIT_PAGES * PAGE_SIZE,
			FACTOTUM_MAP_SHIM, data);
	status = add_plain(process, NATIVE_STACK_END(2) + PAGE_SIZE,
		NATIVE_STACK_SLOT - PAGE_SIZE, FACTOTUM_MAP_STACK, data);
	if (status < 0)
		return status;
	return add_plain(
		process, NATIVE_UTCBS, NATIVE_UTCB_COUNT * UTCB_SIZE, 0, data);
}

/* Slots that every native finds in its CNode. */
static status_t
fill_cnode(struct process *process)
{
	cptr_t cnode = process->cnode.object;
	status_t status;

	if (process->is_linux)
		return STATUS_OK;
	status = cnode_copy(cnode, CAP_CNODE, cnode, RIGHT_ALL);
	if (status < 0)
		return status;
	return cnode_copy(cnode, CAP_TCB, process->leader->tcb, RIGHT_READ);
}

status_t
load_surroundings(struct process *process)
{
	vaddr_t utcb = LINE_KITS;
	status_t status = add_areas(process);
	uint64_t offset;
	cptr_t frame;

	/* A native finds the first page of its stack mapped. */
	if (status >= 0 && !process->is_linux)
		status = space_locate(process->space, NATIVE_STACK_END(1) - 8,
			true, &frame, &offset);
	if (status >= 0)
		status = process_make_cnode(process,
			process->is_linux
				? LINUX_BITS
				: NATIVE_BITS + process->slot_doublings);
	if (status < 0)
		return status;
	if (!process->is_linux)
		utcb = utcb_take(process);
	if (!thread_make(process, process->pid))
		return STATUS_NO_MEMORY;
	status = thread_configure(process->leader, utcb);
	return status < 0 ? status : fill_cnode(process);
}

/* ---- the start page ---- */

struct page {
	uint8_t *bytes;
	uint64_t used;
};

static bool
put(struct page *page, const void *data, uint64_t length, uint64_t *offset)
{
	if (length > START_BYTES - page->used)
		return false;
	*offset = page->used;
	if (length)
		memcpy(page->bytes + page->used, data, length);
	page->used += (length + 7) & ~7ul;
	return true;
}

static uint64_t
count_strings(const char *text, uint64_t length)
{
	uint64_t count = 0;

	for (uint64_t i = 0; i < length; i++)
		count += text[i] == '\0';
	return count;
}

static bool
put_capabilities(struct page *page, struct start_info *info,
	const struct process *process)
{
	info->capability_count = process->grant_count;
	info->capabilities = page->used;
	for (uint32_t i = 0; i < process->grant_count; i++) {
		struct start_capability cap = {
			.slot = process->grants[i].slot,
		};
		uint64_t offset;

		memcpy(cap.name, process->grants[i].name, sizeof(cap.name));
		if (!put(page, &cap, sizeof(cap), &offset))
			return false;
	}
	return true;
}

static bool
fill_page(struct page *page, const struct process *process)
{
	const struct start_text *text = &process->text;
	struct start_info info = {
		.magic = START_MAGIC,
		.pid = process->pid,
		.clock_frequency = own.frequency,
		.clock_epoch = start_info()->clock_epoch,
		.utcb = process->leader->utcb,
		.heap_start = process->space->brk_start,
	};

	page->used = sizeof(info);
	if (!put_capabilities(page, &info, process) ||
		!put(page, text->arguments, text->arguments_length,
			&info.arguments) ||
		!put(page, text->environment, text->environment_length,
			&info.environment))
		return false;
	info.argument_count =
		count_strings(text->arguments, text->arguments_length);
	info.environment_count =
		count_strings(text->environment, text->environment_length);
	memcpy(page->bytes, &info, sizeof(info));
	return true;
}

static status_t
write_page(struct process *process)
{
	struct page page = {.bytes = heap_alloc(START_BYTES)};
	status_t status = STATUS_LIMIT;

	if (!page.bytes)
		return STATUS_NO_MEMORY;
	if (fill_page(&page, process))
		status = space_write(
			process->space, START_ADDRESS, page.bytes, page.used);
	heap_free(page.bytes, START_BYTES);
	return status;
}

status_t
load_start(struct process *process)
{
	struct thread *leader = process->leader;
	struct thread_start start = {
		.entry = process->entry,
		.stack = NATIVE_STACK_END(1) - NATIVE_STACK_ENTRY,
		.argument = START_ADDRESS,
		.tls = leader ? leader->utcb : 0,
	};
	status_t status;

	if (process->state != FACTOTUM_STATE_CREATED || !leader)
		return STATUS_BUSY;
	if (process->is_linux) {
		start.stack = LINE_KITS + LINE_KIT_PAGES * PAGE_SIZE;
		broker_fill_linux(process);
	}
	status = write_page(process);
	if (status == STATUS_OK)
		status = thread_run(leader, &start);
	process->state = FACTOTUM_STATE_RUNNING;
	if (status < 0) {
		process->state = FACTOTUM_STATE_FAILED;
		process->detail = (uint32_t)status;
	}
	process_trace(process);
	return status;
}
