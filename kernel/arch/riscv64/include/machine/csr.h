/* SPDX-License-Identifier: MIT
 *
 * Control and status registers of supervisor mode: one wrapper each for read,
 * write, set and clear, and the bits that the kernel uses. Assembly includes
 * this, too.
 */
#pragma once

#define SSTATUS_SIE (1 << 1)
#define SSTATUS_SPIE (1 << 5)
#define SSTATUS_SPP (1 << 8)
#define SSTATUS_FS (3 << 13)
#define SSTATUS_FS_DIRTY (3 << 13)

#define SIE_SOFTWARE (1 << 1)
#define SIE_TIMER (1 << 5)
#define SIE_EXTERNAL (1 << 9)

#define CAUSE_INTERRUPT (1 << 63)
#define CAUSE_FETCH_ALIGNMENT 0
#define CAUSE_FETCH_ACCESS 1
#define CAUSE_ILLEGAL 2
#define CAUSE_BREAKPOINT 3
#define CAUSE_LOAD_ALIGNMENT 4
#define CAUSE_LOAD_ACCESS 5
#define CAUSE_STORE_ALIGNMENT 6
#define CAUSE_STORE_ACCESS 7
#define CAUSE_USER_CALL 8
#define CAUSE_FETCH_PAGE 12
#define CAUSE_LOAD_PAGE 13
#define CAUSE_STORE_PAGE 15

#define INTERRUPT_SOFTWARE 1
#define INTERRUPT_TIMER 5
#define INTERRUPT_EXTERNAL 9

#ifndef __ASSEMBLER__

#include <stdint.h>

#define csr_read(name)                                         \
	({                                                     \
		uint64_t csr_value;                            \
		__asm__ volatile("csrr %0, " #name             \
				 : "=r"(csr_value)::"memory"); \
		csr_value;                                     \
	})
#define csr_write(name, value)                                         \
	__asm__ volatile("csrw " #name ", %0" ::"r"((uint64_t)(value)) \
			 : "memory")
#define csr_set(name, value)                                           \
	__asm__ volatile("csrs " #name ", %0" ::"r"((uint64_t)(value)) \
			 : "memory")
#define csr_clear(name, value)                                         \
	__asm__ volatile("csrc " #name ", %0" ::"r"((uint64_t)(value)) \
			 : "memory")

#endif
