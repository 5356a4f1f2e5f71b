/* SPDX-License-Identifier: MIT
 *
 * Stand-in for processor, traps, threads and interrupts (host.h).
 */
#include "host.h"
#include "page_info.h"
#include "panic.h"
#include "sweep.h"
#include "table.h"
#include "untyped.h"
#include "work.h"
#include <stdlib.h>
#include <string.h>

#define RAM_PAGES (HOST_RAM_SIZE / PAGE_SIZE)
#define TLB_SIZE 512
#define ASIDS 1024

_Alignas(4096) unsigned char host_ram[HOST_RAM_SIZE];
unsigned host_preempt;
unsigned host_destroyed[OBJECT_CLASSES];
unsigned host_slots_lost;
unsigned host_replies_moved;
struct slot *host_reply_slot;
unsigned host_flushes;
unsigned host_icache_syncs;
uint64_t host_words[40];
unsigned host_results;

static uint32_t infos[RAM_PAGES];
static struct cap root_cap;
static uint64_t random_state = 1;
pte_t host_kernel_root[PT_ENTRIES];

struct tlb_entry {
	bool used;
	unsigned asid;
	uint64_t pages; /* that it translates: 1, or a large page's */
	uaddr_t address;
	pte_t entry;
	struct vspace *space;
};

static struct tlb_entry tlb[TLB_SIZE];

void
host_seed(uint64_t seed)
{
	random_state = seed * 2 + 1;
}

uint64_t
host_random(uint64_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state % below;
}

/* A test that wants one says so by expect_assert_failure(). */
void
panic(const char *format, ...)
{
	mock_assert(0, format, __FILE__, __LINE__);
	abort();
}

bool
preempt_pending(void)
{
	return host_random(256) < host_preempt;
}

/* The TLB. */

void
tlb_flush_page(unsigned asid, uaddr_t address)
{
	unsigned i;

	host_flushes++;
	for (i = 0; i < TLB_SIZE; i++)
		if (tlb[i].used && tlb[i].asid == asid &&
			uaddr_page(tlb[i].address) / tlb[i].pages ==
				uaddr_page(address) / tlb[i].pages)
			tlb[i].used = false;
}

void
tlb_flush_asid(unsigned asid)
{
	unsigned i;

	host_flushes++;
	for (i = 0; i < TLB_SIZE; i++)
		if (tlb[i].asid == asid)
			tlb[i].used = false;
}

void
tlb_flush_all(void)
{
	host_flushes++;
	memset(tlb, 0, sizeof(tlb));
}

void
icache_sync(void)
{
	host_icache_syncs++;
}

unsigned
asid_count(void)
{
	return ASIDS;
}

void
host_touch(struct vspace *space, uaddr_t address)
{
	pte_t leaf = vspace_find(space, address);
	struct tlb_entry *slot = &tlb[host_random(TLB_SIZE)];
	uint64_t missing;
	bool large;

	if (!pte_is_valid(leaf))
		return;
	large = !table_walk(space, uaddr_page(address), &missing);
	*slot = (struct tlb_entry){true, space->asid, large ? LARGE_PAGES : 1,
		address, leaf, space};
}

/* A space that is gone leaves entries that nobody can use. */
static bool
space_is_alive(const struct vspace *space, unsigned asid)
{
	const struct vspace *s;

	for (s = vspace_first; s; s = vspace_next(s))
		if (s == space && s->asid == asid)
			return true;
	return false;
}

void
audit_tlb(void)
{
	unsigned i;

	for (i = 0; i < TLB_SIZE; i++) {
		pte_t now;

		if (!tlb[i].used || !space_is_alive(tlb[i].space, tlb[i].asid))
			continue;
		now = vspace_find(tlb[i].space, tlb[i].address);
		if (!pte_is_valid(now))
			fail_msg(
				"stale TLB entry at %lx", tlb[i].address.value);
		if (pte_page(now) != pte_page(tlb[i].entry))
			fail_msg("old page in the TLB at %lx",
				tlb[i].address.value);
		if (pte_rights(tlb[i].entry) & ~pte_rights(now))
			fail_msg("lost right in the TLB at %lx",
				tlb[i].address.value);
	}
}

void
space_unload(const struct vspace *space)
{
	(void)space;
}

/* Objects of other files of the kernel, reduced to their headers. */

void
thread_slot_lost(struct slot *slot)
{
	assert_false(slot_is_empty(slot));
	host_slots_lost++;
}

void
reply_moved(const struct cap *cap, struct slot *slot)
{
	assert_int_equal(cap_type(cap), OBJECT_REPLY);
	host_replies_moved++;
	host_reply_slot = slot;
}

static bool
count_destroyed(struct object *object)
{
	host_destroyed[object->type]++;
	return true;
}

const struct object_class thread_class = {
	.name = "TCB",
	.size = 1024,
	.align = 64,
	.destroy = count_destroyed,
};
const struct object_class endpoint_class = {
	.name = "Endpoint",
	.size = 64,
	.align = 32,
	.destroy = count_destroyed,
};
const struct object_class notification_class = {
	.name = "Notification",
	.size = 64,
	.align = 32,
	.destroy = count_destroyed,
};
const struct object_class timer_class = {
	.name = "Timer",
	.size = 96,
	.align = 32,
	.destroy = count_destroyed,
};
const struct object_class reply_class = {.name = "Reply"};
const struct object_class interrupt_control_class = {.name = "IrqControl"};
const struct object_class interrupt_class = {.name = "Interrupt"};
const struct object_class console_class = {.name = "Console"};
const struct object_class power_class = {.name = "Power"};
const struct object_class io_port_control_class = {.name = "IoPortControl"};
const struct object_class io_port_class = {.name = "IoPort"};

/* The first capability space. */

static void *
boot_carve(struct cap *untyped, uint64_t size, uint64_t align)
{
	paddr_t at;

	assert_true(untyped_carve(untyped, size, align, &at));
	return phys_to_virt(at);
}

void
host_reset(void)
{
	pfn_t first = HOST_RAM_BASE >> PAGE_SHIFT;
	uint64_t boot_pages =
		1 + (sizeof(struct slot) << ROOT_BITS) / PAGE_SIZE;
	struct cap boot;
	struct cnode *node;
	uint64_t skip = boot_pages + 1;

	while (object_any_dying())
		object_reap();
	vspace_first = NULL;
	memset(host_ram, 0, sizeof(host_ram));
	memset(infos, 0, sizeof(infos));
	memset(tlb, 0, sizeof(tlb));
	memset(host_destroyed, 0, sizeof(host_destroyed));
	host_preempt = host_slots_lost = host_replies_moved = 0;
	page_info_init(infos, first, RAM_PAGES);
	host_kernel_root[PT_ROOT_USER] = pte_table(first + 1);
	host_kernel_root[PT_ENTRIES - 1] = pte_table(first);
	vspace_init(host_kernel_root);

	boot = cap_of_pages(OBJECT_UNTYPED, 0, first, skip);
	root_cap = cnode_create(
		boot_carve(&boot, sizeof(struct slot) << ROOT_BITS, 4096),
		ROOT_BITS);
	object_get(&root_cap);
	node = cap_object(&root_cap);
	slot_set(cnode_slot(node, SLOT_CNODE), root_cap);
	slot_set(cnode_slot(node, SLOT_UNTYPED),
		cap_of_pages(
			OBJECT_UNTYPED, 0, first + skip, RAM_PAGES - skip));
	slot_set(cnode_slot(node, SLOT_VSPACE),
		cap_to(OBJECT_VSPACE,
			vspace_create(boot_carve(&boot, 4096, 4096))));
	slot_set(cnode_slot(node, SLOT_DEVICE),
		cap_of_pages(
			OBJECT_FRAME, CAP_DEVICE, DEVICE_PAGE, DEVICE_PAGES));
}

int
host_setup(void **state)
{
	(void)state;
	host_seed(1);
	host_reset();
	return 0;
}

struct slot *
slot_of(cptr_t cptr)
{
	struct slot *slot = cspace_lookup(&root_cap, cptr);

	assert_non_null(slot);
	return slot;
}

status_t
call_words(cptr_t cap, uint32_t label, unsigned length)
{
	struct slot *space = cspace_lookup(&root_cap, SLOT_VSPACE);
	struct invocation in = {.cspace = &root_cap, .label = label};
	unsigned tries;
	status_t status = STATUS_RESTART;

	in.slot = cspace_lookup(&root_cap, cap);
	if (!in.slot)
		return STATUS_INVALID_CAP;
	if (cap_type(&space->cap) == OBJECT_VSPACE)
		in.vspace = cap_object(&space->cap);
	in.length = length;
	in.more = host_words;
	memcpy(in.words, host_words, sizeof(in.words));
	for (tries = 0; status == STATUS_RESTART; tries++) {
		assert_true(tries < 1000000);
		in.results = 0;
		status = invoke(&in);
	}
	memcpy(host_words, in.words, sizeof(in.words));
	host_results = in.results;
	return status;
}

status_t
call(cptr_t cap, uint32_t label, unsigned length, ...)
{
	va_list list;
	unsigned i;

	va_start(list, length);
	for (i = 0; i < length; i++)
		host_words[i] = va_arg(list, uint64_t);
	va_end(list);
	return call_words(cap, label, length);
}

status_t
retype(unsigned type, uint64_t param, uint64_t count, uint64_t index)
{
	return call(SLOT_UNTYPED, UNTYPED_RETYPE, 6, (uint64_t)type, param,
		count, (uint64_t)SLOT_CNODE, index, UINT64_C(0));
}
