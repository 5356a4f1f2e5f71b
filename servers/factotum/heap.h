/* SPDX-License-Identifier: MIT */
/*
 * Factotum's own heap. It takes no page faults: each page is mapped when the
 * heap grows, from a frame that may come out of the reserve. Freed blocks go
 * to a list of their size and are never merged, so in the steady state the
 * heap neither grows nor fragments further. The caller remembers sizes.
 */
#pragma once

#include <glenda/types.h>

/* The heap occupies [base, base + size) of the space `vspace`. */
void heap_init(cptr_t vspace, vaddr_t base, size_t size);

/* `size` bytes of zeros, 16-byte aligned, or NULL. */
void *heap_alloc(size_t size);

/* Give back what heap_alloc gave for the same size. NULL is passed over. */
void heap_free(void *block, size_t size);

/* Pages mapped, and bytes handed out (rounded as they were). */
uint64_t heap_pages(void);
uint64_t heap_bytes(void);
