/* SPDX-License-Identifier: MIT
 *
 * User memory as the kernel reaches it: by walking the page tables in
 * software and through the physical map, page by page, never at the user's
 * own address. A page that is absent, protected or a device's ends the copy;
 * what came before it has been copied.
 */
#pragma once

#include "status.h"
#include "types.h"

struct vspace;

/*
 * Copy `length` bytes between the kernel's `buffer` and user memory. OK, or
 * FAULT with *done the number of bytes copied. A NULL space faults at once.
 */
status_t user_copy_in(const struct vspace *space, void *buffer, uaddr_t from,
	uint64_t length, uint64_t *done);
status_t user_copy_out(const struct vspace *space, uaddr_t to,
	const void *buffer, uint64_t length, uint64_t *done);

/* One range of a space, as one side of a copy. */
struct user_range {
	const struct vspace *space;
	uaddr_t address;
};

#define USER_FAULT_SOURCE 0
#define USER_FAULT_TARGET 1

/*
 * Copy `length` bytes from one space to another (or the same). OK or FAULT,
 * with *done the number of bytes copied and *side which one faulted. Length
 * is the caller's to bound; a page costs about 700 instructions.
 */
status_t user_copy_across(struct user_range to, struct user_range from,
	uint64_t length, uint64_t *done, unsigned *side);

/* The kernel's pointer to the user byte at `address` if its page gives
 * `rights`, with *left the bytes to the end of the page; else NULL. */
void *user_pointer(const struct vspace *space, uaddr_t address, unsigned rights,
	uint64_t *left);
