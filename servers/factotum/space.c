/* SPDX-License-Identifier: MIT */
/*
 * Address spaces: birth, change and death. Pages come in by fault.c.
 */
#include "space.h"

#include "heap.h"
#include "invariant.h"
#include "kobjects.h"

#include <glenda/factotum.h>
#include <glenda/kernel_calls.h>

#define REAP_LEAVES 16
#define WARM_SPACES 16
#define WARM_TABLES 24

/*
 * VSpaces of dead processes that keep their page tables: the next process of
 * the same kind wants them in the same places.
 */
struct warm {
	cptr_t vspace;
	uint32_t tables;
	uint32_t table_count;
};

static struct warm warm[WARM_SPACES];
static unsigned warm_count;
static struct space *alive;
static struct space *dying;
static uint64_t last_serial;

void
spaces_init(void)
{
	warm_count = 0;
	alive = dying = NULL;
}

struct space *
spaces_first(void)
{
	return alive;
}

static bool
take_vspace(struct space *space)
{
	if (warm_count > 0) {
		const struct warm *from = &warm[--warm_count];

		space->vspace = from->vspace;
		space->tables = from->tables;
		space->table_count = from->table_count;
		return true;
	}
	space->vspace = kobject_alloc(KOBJECT_VSPACE);
	return space->vspace != 0;
}

/* By areas: walking the whole range would cost more than the tables. */
static void
unmap_all(struct space *space)
{
	for (uint32_t i = 0; i < space->count; i++) {
		const struct area *area = &space->areas[i];
		uint64_t first = area->start >> PAGE_SHIFT;
		uint64_t end = area->end >> PAGE_SHIFT;
		frame_t frame;

		if (!area->touched ||
			(!area->object &&
				!pages_next(&space->own, &first, end, &frame)))
			continue;
		vspace_unmap(space->vspace, first << PAGE_SHIFT, end - first);
	}
}

static void
give_vspace(struct space *space)
{
	if (warm_count < WARM_SPACES && space->table_count <= WARM_TABLES) {
		unmap_all(space);
		warm[warm_count++] = (struct warm){
			.vspace = space->vspace,
			.tables = space->tables,
			.table_count = space->table_count,
		};
	} else {
		vspace_reset(space->vspace);
		kobject_free_tables(&space->tables);
		kobject_free(KOBJECT_VSPACE, space->vspace);
	}
	space->vspace = 0;
}

bool
spaces_cool(void)
{
	struct warm *from;

	if (warm_count == 0)
		return false;
	from = &warm[--warm_count];
	vspace_reset(from->vspace);
	kobject_free_tables(&from->tables);
	kobject_free(KOBJECT_VSPACE, from->vspace);
	return true;
}

struct space *
space_create(void)
{
	struct space *space = heap_alloc(sizeof(*space));

	if (!space)
		return NULL;
	if (!take_vspace(space)) {
		heap_free(space, sizeof(*space));
		return NULL;
	}
	space->users = 1;
	space->serial = ++last_serial;
	space->next = alive;
	if (alive)
		alive->previous = space;
	alive = space;
	return space;
}

void
space_hold(struct space *space)
{
	space->users++;
}

void
space_drop(struct space *space)
{
	invariant(space->users > 0);
	if (--space->users > 0)
		return;
	if (space->next)
		space->next->previous = space->previous;
	if (space->previous)
		space->previous->next = space->next;
	else
		alive = space->next;
	space->next = dying;
	dying = space;
}

/* The first step returns the kernel's objects, later ones the pages. */
bool
spaces_reap(void)
{
	struct space *space = dying;

	if (!space)
		return false;
	if (space->vspace) {
		give_vspace(space);
		area_remove(space, 0, space->count);
	}
	if (!pages_dismantle(&space->own, REAP_LEAVES))
		return true;
	dying = space->next;
	heap_free(space->areas, space->capacity * sizeof(*space->areas));
	heap_free(space, sizeof(*space));
	return dying != NULL;
}

bool
space_add_table(struct space *space, vaddr_t address)
{
	if (!kobject_map_table(space->vspace, address, &space->tables))
		return false;
	space->table_count++;
	return true;
}

status_t
space_install(struct space *space, vaddr_t address, cptr_t frame, uint64_t page,
	uint64_t count, uint64_t rights)
{
	for (;;) {
		uint64_t done = 0;
		status_t status = vspace_map(space->vspace, address, frame,
			page, count, rights, &done, NULL);

		if (status != STATUS_NO_TABLE)
			return status;
		address += done * PAGE_SIZE;
		page += done;
		count -= done;
		if (!space_add_table(space, address))
			return STATUS_NO_MEMORY;
	}
}

uint64_t
prot_rights(uint8_t prot)
{
	uint64_t rights = prot;

	if (prot & FACTOTUM_PROT_WRITE)
		rights |= RIGHT_READ;
	return rights;
}

static uint64_t
pages_between(vaddr_t start, vaddr_t end)
{
	return (end - start) >> PAGE_SHIFT;
}

status_t
space_unmap(struct space *space, vaddr_t start, vaddr_t end)
{
	uint32_t first, count = 0;
	bool touched = false;
	status_t status;

	if (area_vacant(space, start, end))
		return STATUS_OK;
	status = area_isolate(space, start, end, &first);
	if (status < 0)
		return status;
	while (first + count < space->count &&
		space->areas[first + count].start < end) {
		touched |= space->areas[first + count].touched;
		count++;
	}
	if (touched) {
		vspace_unmap(space->vspace, start, pages_between(start, end));
		pages_drop(&space->own, start >> PAGE_SHIFT, end >> PAGE_SHIFT);
	}
	area_remove(space, first, count);
	return STATUS_OK;
}

/* Does an object's right stand against the permission? */
static bool
permitted(const struct area *area, uint8_t prot)
{
	uint8_t needed = prot;

	if (!area->object)
		return true;
	/* A private copy may be written whatever the object permits. */
	if (!(area->flags & FACTOTUM_MAP_SHARED))
		needed &= (uint8_t)~FACTOTUM_PROT_WRITE;
	return (needed & ~area->object->rights) == 0;
}

static void
protect_area(struct space *space, struct area *area, uint8_t prot)
{
	uint64_t count = pages_between(area->start, area->end);
	uint64_t rights = prot_rights(prot);

	area->prot = prot;
	if (!area->touched)
		return;
	if (prot == 0) {
		vspace_unmap(space->vspace, area->start, count);
		return;
	}
	/* Writing what may be shared is found out by the next fault. */
	if (!(area->flags & FACTOTUM_MAP_SHARED) &&
		(area->object || space->forked))
		rights &= ~(uint64_t)RIGHT_WRITE;
	vspace_protect(space->vspace, area->start, count, rights);
}

status_t
space_protect(struct space *space, vaddr_t start, vaddr_t end, uint8_t prot)
{
	uint32_t first, count = 0;
	status_t status;

	if (!area_covered(space, start, end))
		return STATUS_NOT_MAPPED;
	for (uint32_t i = area_search(space, start);
		i < space->count && space->areas[i].start < end; i++)
		if (!permitted(&space->areas[i], prot))
			return STATUS_NO_RIGHT;
	status = area_isolate(space, start, end, &first);
	if (status < 0)
		return status;
	for (; first + count < space->count &&
		space->areas[first + count].start < end;
		count++)
		protect_area(space, &space->areas[first + count], prot);
	area_join(space, first, count);
	return STATUS_OK;
}

static vaddr_t
page_up(vaddr_t address)
{
	return (address + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}

status_t
space_sbrk(struct space *space, int64_t increment, vaddr_t *end)
{
	vaddr_t old = space->brk;
	vaddr_t new = old + (uint64_t)increment;
	struct area area = {
		.start = page_up(old),
		.end = page_up(new),
		.flags = FACTOTUM_MAP_PRIVATE | FACTOTUM_MAP_ANONYMOUS,
		.prot = FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE,
	};
	status_t status = STATUS_OK;

	if (increment > 0) {
		if (new < old || new > USER_END)
			return STATUS_NO_MEMORY;
		if (!area_vacant(space, area.start, area.end))
			return STATUS_NO_MEMORY;
		if (area.end > area.start)
			status = area_insert(space, &area);
	} else if (increment < 0) {
		if (new > old || new < space->brk_start)
			return STATUS_NO_MEMORY;
		if (area.end < area.start)
			status = space_unmap(space, area.end, area.start);
	}
	if (status < 0)
		return status;
	space->brk = new;
	*end = new;
	return STATUS_OK;
}

status_t
space_forget(struct space *space, vaddr_t start, vaddr_t end)
{
	if (!area_covered(space, start, end))
		return STATUS_NOT_MAPPED;
	for (uint32_t i = area_search(space, start);
		i < space->count && space->areas[i].start < end; i++) {
		struct area *area = &space->areas[i];
		vaddr_t from = area->start > start ? area->start : start;
		vaddr_t to = area->end < end ? area->end : end;

		if (!area->touched)
			continue;
		vspace_unmap(space->vspace, from, pages_between(from, to));
		pages_drop(&space->own, from >> PAGE_SHIFT, to >> PAGE_SHIFT);
	}
	return STATUS_OK;
}

/* Unmap what an area shows of an object from byte `size` on. */
static void
truncate_area(struct space *space, const struct area *area, uint64_t size)
{
	uint64_t first = (size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	vaddr_t from = area->start;
	vaddr_t page;

	if (first > area->offset)
		from += first - area->offset;
	/* Private copies stay; they are not the object's. */
	for (page = from; page < area->end; page += PAGE_SIZE) {
		uint64_t number = page >> PAGE_SHIFT;
		frame_t frame;
		vaddr_t end = area->end;

		if (pages_next(&space->own, &number, end >> PAGE_SHIFT, &frame))
			end = number << PAGE_SHIFT;
		if (end > page)
			vspace_unmap(
				space->vspace, page, pages_between(page, end));
		page = end;
	}
}

void
spaces_truncate(struct object *object, uint64_t size)
{
	if (object->uses == 0)
		return;
	for (struct space *space = alive; space; space = space->next) {
		for (uint32_t i = 0; i < space->count; i++) {
			const struct area *area = &space->areas[i];
			const struct object *shown = area->object;
			uint64_t skip = 0;

			if (!shown || !area->touched)
				continue;
			if (shown->base == object) {
				skip = shown->offset * PAGE_SIZE;
				shown = object;
			}
			if (shown == object)
				truncate_area(space, area,
					size > skip ? size - skip : 0);
		}
	}
}
