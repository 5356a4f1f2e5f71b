/* SPDX-License-Identifier: MIT
 *
 * VSpace: making and ending address spaces, and the methods that change what
 * is mapped without adding to it. Adding is vspace_map.c; the tables
 * themselves are table.c.
 */
#include "vspace.h"
#include "asid.h"
#include "sweep.h"
#include "table.h"
#include "vspace_map.h"
#include "work.h"

static const pte_t *kernel_half;
struct vspace *vspace_first;

void
vspace_init(const pte_t *kernel_root)
{
	kernel_half = kernel_root;
	asid_init(asid_count());
}

struct vspace *
vspace_create(void *page)
{
	pte_t *root = page;
	struct vspace *space = (struct vspace *)(root + PT_ROOT_SPARE);
	unsigned i;

	for (i = PT_ROOT_USER; i < PT_ENTRIES; i++)
		root[i] = kernel_half[i];
	*space = (struct vspace){.asid = asid_allocate()};
	space->object.type = OBJECT_VSPACE;
	if (vspace_first) {
		space->next = ref_of(vspace_first);
		vspace_first->prev = ref_of(space);
	}
	vspace_first = space;
	return space;
}

struct vspace *
vspace_next(const struct vspace *space)
{
	return space->next ? ref_pointer(space->next) : NULL;
}

static void
list_remove(struct vspace *space)
{
	struct vspace *next = vspace_next(space);

	if (next)
		next->prev = space->prev;
	if (space->prev)
		((struct vspace *)ref_pointer(space->prev))->next = space->next;
	else
		vspace_first = next;
}

/* Its TLB entries may stay: the ASID is not used again before a flush. */
static bool
vspace_destroy(struct object *object)
{
	struct vspace *space = container_of(object, struct vspace, object);
	unsigned steps = 0;

	space_unload(space);
	if (!table_empty_space(space, &steps))
		return false;
	sweep_forget(space);
	list_remove(space);
	asid_release(space->asid);
	return true;
}

bool
vspace_fault_is_stale(struct vspace *space, uaddr_t address, unsigned access)
{
	pte_t leaf = vspace_find(space, address);

	if (!pte_is_valid(leaf) || (pte_rights(leaf) & access) != access)
		return false;
	tlb_flush_page(space->asid, address);
	return true;
}

static struct vspace *
invoked_space(const struct invocation *in)
{
	return cap_object(&in->slot->cap);
}

/* Words 0 and 1: a range of pages of the user half. */
static status_t
decode_range(const struct invocation *in)
{
	uaddr_t address = uaddr_make(in->words[0]);

	if (uaddr_offset(address) ||
		!pt_user_range(uaddr_page(address), in->words[1]))
		return STATUS_INVALID_ARGUMENT;
	return STATUS_OK;
}

/* `done` pages of the range of words 0 and 1 need no second look. */
static void
range_advance(struct invocation *in, uint64_t done)
{
	in->words[0] += done << PAGE_SHIFT;
	in->words[1] -= done;
}

static void
unmap_entries(const struct stretch *stretch, vpn_t page, struct flush *flush)
{
	const struct page_info_map map = page_info_map;
	pte_t *entry = stretch->entries, *end = entry + stretch->count;
	pte_t *last = NULL;
	int used = table_used(stretch->table), cleared = 0;

	if (used == 0)
		return;
	for (; entry < end; entry++) {
		if (!pte_is_valid(*entry))
			continue;
		page_count_in(&map, pte_page(*entry), -1);
		*entry = (pte_t){0};
		last = entry;
		if (++cleared == used)
			break;
	}
	table_count(stretch->table, -cleared);
	if (last)
		flush_note(flush, page + (last - stretch->entries), cleared);
}

/* INVALID_ARGUMENT for a part of a large page. */
static status_t
unmap_stretch(const struct stretch *stretch, vpn_t page, struct flush *flush)
{
	if (stretch->table) {
		unmap_entries(stretch, page, flush);
	} else if (stretch->entries) {
		if (!stretch_is_whole_large(stretch))
			return STATUS_INVALID_ARGUMENT;
		table_clear_large(stretch->entries);
		flush_note(flush, page, 1);
	}
	return STATUS_OK;
}

static status_t
vspace_unmap(struct invocation *in)
{
	struct vspace *space = invoked_space(in);
	struct flush flush = {0};
	unsigned steps = 0;
	status_t status = decode_range(in);

	if (status != STATUS_OK)
		return status;
	/* commit: only a part of a large page stops it */
	while (in->words[1]) {
		vpn_t page = in->words[0] >> PAGE_SHIFT;
		struct stretch stretch =
			table_stretch(space, page, in->words[1]);

		status = unmap_stretch(&stretch, page, &flush);
		if (status != STATUS_OK)
			break;
		range_advance(in, stretch.count);
		if (in->words[1] && work_should_stop(&steps, 32)) {
			status = STATUS_RESTART;
			break;
		}
	}
	flush_finish(&flush, space);
	return status;
}

/* Entries of a stretch: of a large leaf, that one. */
static const pte_t *
stretch_end(const struct stretch *stretch)
{
	return stretch->entries + (stretch->table ? stretch->count : 1);
}

/* Whether every page of the stretch, which maps some, may have the rights. */
static status_t
protect_allowed(const struct stretch *stretch, unsigned rights)
{
	const pte_t *entry = stretch->entries, *end = stretch_end(stretch);

	if (!stretch->table && !stretch_is_whole_large(stretch))
		return STATUS_INVALID_ARGUMENT;
	for (; entry < end; entry++)
		if (pte_is_valid(*entry) && (rights & ~pte_limit(*entry)))
			return STATUS_NO_RIGHT;
	return STATUS_OK;
}

/* A right that is added needs no flush: see arch/page_table.h. */
static void
protect_stretch(const struct stretch *stretch, vpn_t page, unsigned rights,
	struct flush *flush)
{
	const pte_t *end = stretch_end(stretch);
	pte_t *entry = stretch->entries, *last = NULL;
	unsigned reduced = 0;

	for (; entry < end; entry++) {
		pte_t old = *entry;

		if (!pte_is_valid(old))
			continue;
		*entry = pte_with_rights(old, rights);
		if (pte_rights(old) & ~rights) {
			last = entry;
			reduced++;
		}
	}
	if (last)
		flush_note(flush, page + (last - stretch->entries), reduced);
}

static status_t
vspace_protect(struct invocation *in)
{
	struct vspace *space = invoked_space(in);
	struct flush flush = {0};
	unsigned rights = in->words[2], steps = 0;
	status_t status = decode_range(in);

	if (status != STATUS_OK)
		return status;
	if (in->words[2] & ~(uint64_t)MAP_RIGHTS)
		return STATUS_INVALID_ARGUMENT;
	while (in->words[1] && status == STATUS_OK) {
		vpn_t page = in->words[0] >> PAGE_SHIFT;
		struct stretch stretch =
			table_stretch(space, page, in->words[1]);

		if (stretch.entries)
			status = protect_allowed(&stretch, rights);
		if (status != STATUS_OK)
			break;
		/* commit: cannot fail for this stretch */
		if (stretch.entries)
			protect_stretch(&stretch, page, rights, &flush);
		range_advance(in, stretch.count);
		if (in->words[1] && work_should_stop(&steps, 64))
			status = STATUS_RESTART;
	}
	flush_finish(&flush, space);
	if (rights & CAP_EXECUTE)
		icache_sync();
	return status;
}

static status_t
vspace_map_table(struct invocation *in)
{
	uaddr_t address = uaddr_make(in->words[0]);
	struct slot *table;
	uint64_t level;
	status_t status;

	if (!pt_user_range(uaddr_page(address), 1))
		return STATUS_INVALID_ARGUMENT;
	status = invoke_cap(in, in->words[1], OBJECT_PAGE_TABLE, 0, &table);
	if (status != STATUS_OK)
		return status;
	status = table_hang(invoked_space(in), address, &table->cap, &level);
	if (status != STATUS_OK)
		return status;
	in->words[0] = level;
	in->results = 1;
	return STATUS_OK;
}

/* The flush comes last: until then the tables are not free for others. */
static status_t
vspace_reset(struct invocation *in)
{
	struct vspace *space = invoked_space(in);
	unsigned steps = 0;
	bool done;

	if (!space->tables)
		return STATUS_OK;
	done = table_empty_space(space, &steps);
	tlb_flush_asid(space->asid);
	return done ? STATUS_OK : STATUS_RESTART;
}

static status_t
vspace_translate(struct invocation *in)
{
	uaddr_t address = uaddr_make(in->words[0]);
	pte_t leaf = vspace_find(invoked_space(in), address);

	if (!pte_is_valid(leaf))
		return STATUS_NOT_MAPPED;
	in->words[0] =
		pfn_address(pte_page(leaf)).value + uaddr_offset(address);
	in->words[1] = pte_rights(leaf);
	in->results = 2;
	return STATUS_OK;
}

static const struct method vspace_methods[] = {
	[METHOD(VSPACE_MAP)] = {vspace_method_map, 5, false, CAP_WRITE},
	[METHOD(VSPACE_UNMAP)] = {vspace_unmap, 2, false, CAP_WRITE},
	[METHOD(VSPACE_PROTECT)] = {vspace_protect, 3, false, CAP_WRITE},
	[METHOD(VSPACE_MAP_TABLE)] = {vspace_map_table, 2, false, CAP_WRITE},
	[METHOD(VSPACE_SHARE)] = {vspace_method_share, 4, false, CAP_WRITE},
	[METHOD(VSPACE_RESET)] = {vspace_reset, 0, false, CAP_WRITE},
	[METHOD(VSPACE_TRANSLATE)] = {vspace_translate, 1, false, CAP_READ},
	[METHOD(VSPACE_MAP_LIST)] = {vspace_method_map_list, 8, true,
		CAP_WRITE},
};

const struct object_class vspace_class = {
	.name = "VSpace",
	.methods = vspace_methods,
	.method_count = sizeof(vspace_methods) / sizeof(vspace_methods[0]),
	.size = PAGE_SIZE,
	.align = PAGE_SIZE,
	.destroy = vspace_destroy,
};
