/* SPDX-License-Identifier: MIT */
/*
 * Starting Factotum by hand: nobody can make processes before it runs.
 *
 * Read-only segments are mapped straight from the boot archive, whose builder
 * puts every file on a page border. All other pages come from one Frame run:
 *
 *   writable segments | stack | UTCB | start pages
 *
 * The run, like every Untyped, is Factotum's afterwards.
 */
#include "bringup.h"

#include <string.h>

#include <elf.h>
#include <glenda/factotum.h>
#include <glenda/kernel_calls.h>
#include <glenda/layout.h>
#include <glenda/start.h>
#include <glenda/utcb.h>

#include "archive.h"
#include "calendar.h"
#include "image.h"
#include "own.h"
#include "report.h"
#include "start_page.h"

#define CNODE_BITS 12
#define STACK_PAGES 16
#define STACK_TOP NATIVE_STACK_END(1)
#define PRIORITY 190
#define SLICE_US 10000

#define PUID_9BALL UINT64_C(0x10001)
#define PID_FACTOTUM 2
#define MANAGER_ALL 7

/* Slots of Factotum's CNode that have no name in the start page. */
enum {
	SLOT_NAMED = CAP_FIRST_FREE,
};

struct build {
	const struct boot_info *boot;
	struct cpio_entry file;
	struct elf_image image;
	cptr_t cnode, vspace, tcb, endpoint, notification, own;
	uint64_t run_pages;	  /* of `own` */
	uint64_t data_pages;	  /* writable segments, at its start */
	struct start_info *start; /* the start pages, in 9Ball's space */
	struct start_builder names;
	uint64_t next; /* slot for the next named one */
};

static struct build build;
static cptr_t as_process, as_manager;

static status_t
load(struct build *b)
{
	const struct elf_want want = {
		.machine = IMAGE_MACHINE,
		.page_size = PAGE_BYTES,
		.limit = START_ADDRESS,
	};
	int error;

	if (!archive_find("factotum", &b->file)) {
		report_error("the boot archive has no factotum");
		return STATUS_NOT_FOUND;
	}
	error = elf_image_check(b->file.data, b->file.size, &want, &b->image);
	if (error < 0) {
		report_error("factotum: %s", elf_error_string(error));
		return STATUS_BAD_IMAGE;
	}
	b->data_pages = image_writable_pages(&b->image);
	return 0;
}

static status_t
make_objects(struct build *b)
{
	b->run_pages =
		b->data_pages + STACK_PAGES + 1 + (START_BYTES / PAGE_BYTES);
	b->cnode = own_object(OBJECT_CNODE, CNODE_BITS);
	b->vspace = own_object(OBJECT_VSPACE, 0);
	b->tcb = own_object(OBJECT_TCB, 0);
	b->endpoint = own_object(OBJECT_ENDPOINT, 0);
	b->notification = own_object(OBJECT_NOTIFICATION, 0);
	b->own = own_object(OBJECT_FRAME, b->run_pages);
	if (!b->cnode || !b->vspace || !b->tcb || !b->endpoint ||
		!b->notification || !b->own)
		return STATUS_NO_MEMORY;
	as_process = own_mint(b->endpoint, RIGHT_WRITE | RIGHT_GRANT,
		(uint64_t)FACTOTUM_BADGE_KIND_PROCESS << 60 | PUID_9BALL);
	as_manager = own_mint(b->endpoint, RIGHT_WRITE | RIGHT_GRANT,
		(uint64_t)FACTOTUM_BADGE_KIND_MANAGER << 60 | MANAGER_ALL);
	return as_process && as_manager ? 0 : STATUS_NO_MEMORY;
}

static status_t
make_space(struct build *b, cptr_t log_frame)
{
	const uint64_t rw = RIGHT_READ | RIGHT_WRITE;
	uint64_t page = b->data_pages;
	status_t status;

	status = image_map(&b->image, b->vspace, BOOT_SLOT_ARCHIVE,
		archive_offset(&b->file), b->own);
	if (status == 0)
		status =
			own_map(b->vspace, STACK_TOP - STACK_PAGES * PAGE_BYTES,
				b->own, page, STACK_PAGES, rw);
	page += STACK_PAGES;
	if (status == 0)
		status = own_map(b->vspace, FACTOTUM_UTCB, b->own, page, 1, rw);
	page++;
	if (status == 0)
		status = own_map(b->vspace, START_ADDRESS, b->own, page,
			(START_BYTES / PAGE_BYTES), RIGHT_READ);
	if (status == 0)
		status = own_map(b->vspace, FACTOTUM_LOG, log_frame, 0, 1, rw);
	if (status < 0)
		return status;
	b->start = own_view(b->own, page, (START_BYTES / PAGE_BYTES), rw);
	return b->start ? 0 : STATUS_NO_MEMORY;
}

/* Hand over a capability under a name; `move` when 9Ball keeps none. */
static status_t
hand(struct build *b, const char *name, cptr_t cap, bool move)
{
	uint64_t slot = b->next++;
	status_t status;

	if (move)
		status = cnode_move(b->cnode, slot, cap);
	else
		status = cnode_copy(b->cnode, slot, cap, RIGHT_ALL);
	if (status < 0)
		return status;
	return start_add_cap(&b->names, name, slot) ? 0 : STATUS_LIMIT;
}

static status_t
hand_memory(struct build *b)
{
	unsigned count = 0;

	for (uint32_t i = 0; i < b->boot->region_count; i++) {
		const struct boot_region *region = &b->boot->regions[i];
		char name[START_NAME_BYTES];
		status_t status;

		if (region->kind != BOOT_REGION_UNTYPED)
			continue;
		strcpy(name, "untyped.");
		start_put_number(name + strlen(name), count++);
		status = hand(b, name, region->slot, true);
		if (status < 0)
			return status;
	}
	return 0;
}

static status_t
hand_all(struct build *b, cptr_t log_frame, cptr_t log_signal)
{
	const struct {
		const char *name;
		cptr_t cap;
		bool move;
	} list[] = {
		{"service", b->endpoint, false},
		{"notification", b->notification, false},
		{"cnode", b->cnode, false},
		{"vspace", b->vspace, false},
		{"tcb", b->tcb, false},
		{"irq", BOOT_SLOT_IRQ_CONTROL, true},
		{"own", b->own, false},
		{"log", log_frame, false},
		{"log.signal", log_signal, false},
		{"console", BOOT_SLOT_CONSOLE, false},
	};
	status_t status = 0;

	b->next = SLOT_NAMED;
	start_begin(&b->names, b->start, START_BYTES);
	b->start->pid = PID_FACTOTUM;
	b->start->clock_frequency = b->boot->clock_frequency;
	b->start->clock_epoch = calendar_epoch(b->boot->clock_frequency);
	b->start->utcb = FACTOTUM_UTCB;
	b->start->heap_start = b->image.end;
	start_set_arguments(&b->names, "factotum", sizeof("factotum"));
	start_set_environment(&b->names, "", 0);
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		if (status == 0)
			status = hand(
				b, list[i].name, list[i].cap, list[i].move);
	}
	if (status == 0)
		status = cnode_copy(b->cnode, CAP_CNODE, b->cnode, RIGHT_ALL);
	if (status == 0)
		status = cnode_copy(b->cnode, CAP_TCB, b->tcb, RIGHT_ALL);
	return status == 0 ? hand_memory(b) : status;
}

static status_t
run(struct build *b, cptr_t fault)
{
	uint64_t utcb = (b->data_pages + STACK_PAGES) * PAGE_BYTES;
	uint64_t self = FACTOTUM_UTCB;
	status_t status;

	status = frame_write(b->own,
		utcb + offsetof(struct utcb, user[UTCB_USER_SELF]),
		sizeof(self), (uintptr_t)&self);
	if (status == 0)
		status = tcb_configure(b->tcb, b->cnode, b->vspace, b->own,
			utcb, FACTOTUM_UTCB, fault, PID_FACTOTUM);
	if (status == 0)
		status = tcb_bind(b->tcb, b->notification);
	if (status == 0)
		status = tcb_set_schedule(b->tcb, 0, PRIORITY, SLICE_US, 1);
	if (status == 0)
		status = image_registers(b->tcb, b->image.entry, STACK_TOP,
			START_ADDRESS, FACTOTUM_UTCB);
	return status == 0 ? tcb_resume(b->tcb) : status;
}

status_t
factotum_bring_up(const struct boot_info *boot, cptr_t log_frame,
	cptr_t log_signal, cptr_t fault)
{
	struct build *b = &build;
	status_t status;

	b->boot = boot;
	status = load(b);
	if (status == 0)
		status = make_objects(b);
	if (status == 0)
		status = make_space(b, log_frame);
	if (status == 0)
		status = hand_all(b, log_frame, log_signal);
	if (status == 0)
		status = run(b, fault);
	return status;
}

cptr_t
factotum_as_process(void)
{
	return as_process;
}

cptr_t
factotum_as_manager(void)
{
	return as_manager;
}

const char *
factotum_symbol(vaddr_t address, uint64_t *offset)
{
	struct elf_symbol symbol;

	if (elf_symbol_find(
		    build.file.data, build.file.size, address, &symbol) < 0)
		return "?";
	*offset = symbol.offset;
	return symbol.name;
}
