/* SPDX-License-Identifier: MIT */
/*
 * What 9Ball keeps for itself: free slots of its CNode, one small Untyped, and
 * a window of its address space where it maps pages. Everything is taken at
 * start or when a service is first started and never given back, but for slots.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <boot_info.h>
#include <glenda/types.h>

/* Page size of the architecture's smallest Frame. */
#define PAGE_BYTES UINT64_C(4096)

/*
 * Take the slots and carve the own Untyped of `pages` pages out of the
 * largest free region. 0, or the kernel's error.
 */
status_t own_init(const struct boot_info *boot, uint64_t pages);

/*
 * Write how many capabilities of each type are held, and how much memory is
 * unused, as one line of text of at most `size` bytes (row N1).
 */
void own_list(char *text, size_t size);

/* An empty slot; panics when there is none left. */
cptr_t own_slot(void);

/* Delete what the slot holds and keep the slot for reuse. */
void own_slot_free(cptr_t slot);

/* Make one kernel object in a new slot; 0 (no capability) on failure. */
cptr_t own_object(uint32_t type, uint64_t param);

/* Derive a capability with badge and rights into a new slot; 0 on failure. */
cptr_t own_mint(cptr_t source, uint64_t rights, uint64_t badge);

/* Copy a capability into a new slot; 0 on failure. */
cptr_t own_copy(cptr_t source);

/*
 * Map pages of a Frame run into an address space, adding page tables from
 * the own Untyped where they are missing. `rights` as VSpace.map has them.
 */
status_t own_map(cptr_t vspace, vaddr_t at, cptr_t frame, uint64_t page,
	uint64_t count, uint64_t rights);

/*
 * The same into 9Ball's own space at an address chosen here. NULL on failure.
 */
void *own_view(cptr_t frame, uint64_t page, uint64_t count, uint64_t rights);
