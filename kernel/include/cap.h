/* SPDX-License-Identifier: MIT
 *
 * The capability: 16 bytes, read and written through accessors only.
 *
 *   meta    type 0-7 | rights 8-15 | aux 16-31 | reference 32-63
 *   extra   Endpoint, Notification: the badge
 *           Frame, Untyped: first page 0-35 | number of pages 36-63
 *           IoPort: first port 0-31 | number of ports 32-63
 *           PageTable: physical address of the entry it hangs in, 0 if none
 *
 * The reference is the physical address of the object divided by 32. aux of a
 * CNode is the logarithm of its slots; for an Untyped, which has no object of
 * its own, the reference is its watermark: how many units of 32 bytes from
 * its start are used. An Untyped and a PageTable are therefore never copied,
 * only moved. aux of a Frame has CAP_DEVICE when it is no RAM.
 */
#pragma once

#include "types.h"
#include <machine/memory.h>

struct cap {
	uint64_t meta;
	uint64_t extra;
};

enum cap_right {
	CAP_READ = 1,
	CAP_WRITE = 2,
	CAP_EXECUTE = 4,
	CAP_GRANT = 8,
	CAP_ALL = 15,
	/* The slot lies in a thread, which wants to know when it is emptied
	 * from outside (thread_slot_lost). Never handed on by a copy. */
	CAP_IN_THREAD = 128,
};

#define CAP_NONE 0   /* type of an empty slot */
#define CAP_DEVICE 1 /* aux of a Frame of device memory */
#define CAP_UNIT_SHIFT 5
#define CAP_PAGES_SHIFT 36
#define CAP_PAGES_MAX ((UINT64_C(1) << 28) - 1)

static inline unsigned
cap_type(const struct cap *cap)
{
	return cap->meta & 0xff;
}

static inline unsigned
cap_rights(const struct cap *cap)
{
	return (cap->meta >> 8) & 0xff;
}

static inline unsigned
cap_aux(const struct cap *cap)
{
	return (cap->meta >> 16) & 0xffff;
}

static inline uint32_t
cap_reference(const struct cap *cap)
{
	return cap->meta >> 32;
}

static inline bool
cap_has(const struct cap *cap, unsigned rights)
{
	return (cap_rights(cap) & rights) == rights;
}

/* A reference is 0 for none, else names 32-byte aligned memory. */
static inline void *
ref_pointer(uint32_t ref)
{
	return phys_to_virt(paddr_make((uint64_t)ref << CAP_UNIT_SHIFT));
}

static inline uint32_t
ref_of(const void *pointer)
{
	return virt_to_phys(pointer).value >> CAP_UNIT_SHIFT;
}

/* The object; only for types that have one (all but Untyped and Frame). */
static inline void *
cap_object(const struct cap *cap)
{
	return ref_pointer(cap_reference(cap));
}

static inline uint64_t
cap_badge(const struct cap *cap)
{
	return cap->extra;
}

static inline pfn_t
cap_page(const struct cap *cap)
{
	return cap->extra & ((UINT64_C(1) << CAP_PAGES_SHIFT) - 1);
}

static inline uint64_t
cap_pages(const struct cap *cap)
{
	return cap->extra >> CAP_PAGES_SHIFT;
}

static inline uint64_t
cap_run(pfn_t page, uint64_t pages)
{
	return page | pages << CAP_PAGES_SHIFT;
}

static inline struct cap
cap_make(unsigned type, unsigned rights, unsigned aux, uint32_t reference)
{
	return (struct cap){
		(uint64_t)type | (uint64_t)rights << 8 | (uint64_t)aux << 16 |
			(uint64_t)reference << 32,
		0,
	};
}

/* A capability with all rights on `object`, which is of type `type`. */
static inline struct cap
cap_to(unsigned type, const void *object)
{
	return cap_make(type, CAP_ALL, 0, ref_of(object));
}

/* A Frame or Untyped over a run of pages; an Untyped starts unused. */
static inline struct cap
cap_of_pages(unsigned type, unsigned aux, pfn_t page, uint64_t pages)
{
	struct cap cap = cap_make(type, CAP_ALL, aux, 0);

	cap.extra = cap_run(page, pages);
	return cap;
}

static inline struct cap
cap_with_rights(struct cap cap, unsigned rights)
{
	cap.meta &= ~((uint64_t)(~rights & 0xff) << 8);
	return cap;
}

/* Whether copies of it may exist (see above; a Reply is one-shot). */
bool cap_copyable(const struct cap *cap);

/*
 * What a holder of `source` may derive: its rights reduced to `rights`, and,
 * when `badge` is not 0, the badge set.
 * Returns INVALID_CAP (empty or not copyable) or INVALID_ARGUMENT (badge on
 * something that takes none, or that has one).
 */
status_t cap_derive(const struct cap *source, unsigned rights, uint64_t badge,
	struct cap *result);
