/* SPDX-License-Identifier: MIT
 *
 * Addresses and page numbers. Physical, kernel-virtual and user addresses are
 * three types that the compiler keeps apart; each converts to and from an
 * integer by name only. Page sizes are the same on every architecture of
 * ours; how many bits of a page number each table level takes is a fact of
 * arch/page_table.h (row A1).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* For short functions on every way through the kernel. */
#define ALWAYS_INLINE inline __attribute__((always_inline))

#define PAGE_SHIFT 12
#define PAGE_SIZE (UINT64_C(1) << PAGE_SHIFT)
#define PAGE_MASK (PAGE_SIZE - 1)

/* An address of memory or a device as it appears on the bus. */
typedef struct {
	uint64_t value;
} paddr_t;

/* An address in the kernel's half of every address space. */
typedef struct {
	uint64_t value;
} vaddr_t;

/* An address in the user half of one address space; never dereferenced. */
typedef struct {
	uint64_t value;
} uaddr_t;

/* Number of a physical page: address divided by PAGE_SIZE. */
typedef uint64_t pfn_t;
/* Number of a virtual page. */
typedef uint64_t vpn_t;
/* Address of a capability in a thread's capability space. */
typedef uint64_t cptr_t;
/* 0 or one of the STATUS_ numbers, all negative. */
typedef int32_t status_t;

static inline paddr_t
paddr_make(uint64_t value)
{
	return (paddr_t){value};
}

static inline vaddr_t
vaddr_make(uint64_t value)
{
	return (vaddr_t){value};
}

static inline uaddr_t
uaddr_make(uint64_t value)
{
	return (uaddr_t){value};
}

static inline pfn_t
paddr_page(paddr_t address)
{
	return address.value >> PAGE_SHIFT;
}

static inline uint64_t
paddr_offset(paddr_t address)
{
	return address.value & PAGE_MASK;
}

static inline paddr_t
pfn_address(pfn_t page)
{
	return paddr_make(page << PAGE_SHIFT);
}

static inline vpn_t
uaddr_page(uaddr_t address)
{
	return address.value >> PAGE_SHIFT;
}

static inline uint64_t
uaddr_offset(uaddr_t address)
{
	return address.value & PAGE_MASK;
}

static inline uaddr_t
vpn_address(vpn_t page)
{
	return uaddr_make(page << PAGE_SHIFT);
}

/* The structure of type `type` whose member `member` stands at `pointer`. */
#define container_of(pointer, type, member) \
	((type *)((char *)(pointer)-offsetof(type, member)))
