/* SPDX-License-Identifier: MIT
 *
 * Copying to and from user memory (usermem.h).
 */
#include "usermem.h"
#include "page_info.h"
#include "table.h"
#include <string.h>

void *
user_pointer(const struct vspace *space, uaddr_t address, unsigned rights,
	uint64_t *left)
{
	pte_t leaf;

	if (!space)
		return NULL;
	leaf = vspace_find(space, address);
	if (!pte_is_valid(leaf) || (pte_rights(leaf) & rights) != rights ||
		!page_is_ram(pte_page(leaf)))
		return NULL;
	*left = PAGE_SIZE - uaddr_offset(address);
	return (char *)phys_to_virt(pfn_address(pte_page(leaf))) +
		uaddr_offset(address);
}

static uint64_t
least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* The two sides may be the same memory: then the slower way is taken. */
static void
copy_bytes(void *to, const void *from, uint64_t length)
{
	uint64_t distance = (uintptr_t)to - (uintptr_t)from;

	if (distance < length || -distance < length)
		memmove(to, from, length);
	else
		memcpy(to, from, length);
}

status_t
user_copy_in(const struct vspace *space, void *buffer, uaddr_t from,
	uint64_t length, uint64_t *done)
{
	uint64_t left, part;

	for (*done = 0; *done < length; *done += part) {
		const void *page = user_pointer(
			space, uaddr_make(from.value + *done), CAP_READ, &left);

		if (!page)
			return STATUS_FAULT;
		part = least(left, length - *done);
		copy_bytes((char *)buffer + *done, page, part);
	}
	return STATUS_OK;
}

status_t
user_copy_out(const struct vspace *space, uaddr_t to, const void *buffer,
	uint64_t length, uint64_t *done)
{
	uint64_t left, part;

	for (*done = 0; *done < length; *done += part) {
		void *page = user_pointer(
			space, uaddr_make(to.value + *done), CAP_WRITE, &left);

		if (!page)
			return STATUS_FAULT;
		part = least(left, length - *done);
		copy_bytes(page, (const char *)buffer + *done, part);
	}
	return STATUS_OK;
}

status_t
user_copy_across(struct user_range to, struct user_range from, uint64_t length,
	uint64_t *done, unsigned *side)
{
	uint64_t left_to = 0, left_from = 0, part;
	char *target = NULL, *source = NULL;

	for (*done = 0; *done < length; *done += part) {
		if (!left_from)
			source = user_pointer(from.space,
				uaddr_make(from.address.value + *done),
				CAP_READ, &left_from);
		*side = USER_FAULT_SOURCE;
		if (!source)
			return STATUS_FAULT;
		if (!left_to)
			target = user_pointer(to.space,
				uaddr_make(to.address.value + *done), CAP_WRITE,
				&left_to);
		*side = USER_FAULT_TARGET;
		if (!target)
			return STATUS_FAULT;
		part = least(least(left_to, left_from), length - *done);
		copy_bytes(target, source, part);
		target += part;
		source += part;
		left_to -= part;
		left_from -= part;
	}
	return STATUS_OK;
}
