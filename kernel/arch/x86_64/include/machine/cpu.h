/* SPDX-License-Identifier: MIT
 *
 * Control registers, model-specific registers, ports and flags of x86_64: one
 * wrapper each, and the bits that the kernel uses. Assembly includes this, too.
 */
#pragma once

#define CR0_MONITOR (1 << 1)
#define CR0_EMULATE (1 << 2)
#define CR0_TASK_SWITCHED (1 << 3)

#define CR4_PAE (1 << 5)
#define CR4_GLOBAL (1 << 7)
#define CR4_FXSR (1 << 9)
#define CR4_XMM (1 << 10)
#define CR4_UMIP (1 << 11)
#define CR4_FSGSBASE (1 << 16)
#define CR4_PCID (1 << 17)
#define CR4_XSAVE (1 << 18)
#define CR4_SMEP (1 << 20)
#define CR4_SMAP (1 << 21)

#define MSR_APIC_BASE 0x1b
#define MSR_TSC_DEADLINE 0x6e0
#define MSR_X2APIC 0x800
#define MSR_EFER 0xc0000080
#define MSR_STAR 0xc0000081
#define MSR_LSTAR 0xc0000082
#define MSR_FMASK 0xc0000084
#define MSR_FS_BASE 0xc0000100
#define MSR_GS_BASE 0xc0000101
#define MSR_KERNEL_GS_BASE 0xc0000102

#define EFER_SYSCALL 0x001
#define EFER_LONG 0x100
#define EFER_NX 0x800

/* rflags: what a program may set, what it always runs with, what a system call
 * clears, and what the kernel starts with. */
#define FLAGS_USER 0x240dd5
#define FLAGS_ALWAYS 0x202
#define FLAGS_CALL 0x47700
#define FLAGS_KERNEL 0x2

/* Selectors, as Linux programs know them; the order is sysret's. */
#define SELECT_CODE 0x10
#define SELECT_DATA 0x18
#define SELECT_USER_BASE 0x23
#define SELECT_USER_DATA 0x2b
#define SELECT_USER_CODE 0x33
#define SELECT_TASK 0x38

/* Vectors. Lines of the I/O APICs and the timer share one 64-bit word. */
#define VECTOR_DEBUG 1
#define VECTOR_NMI 2
#define VECTOR_BREAKPOINT 3
#define VECTOR_NO_FP 7
#define VECTOR_DOUBLE_FAULT 8
#define VECTOR_PROTECTION 13
#define VECTOR_PAGE_FAULT 14
#define VECTOR_MACHINE_CHECK 18
#define VECTOR_LINES 32
#define VECTOR_TIMER 94
#define VECTOR_IGNORED 96 /* and above */
/* Not a vector: the system call instruction. */
#define CAUSE_CALL 256

#define PAGE_FAULT_PRESENT 1
#define PAGE_FAULT_WRITE 2
#define PAGE_FAULT_FETCH 16

#ifndef __ASSEMBLER__

#include <stdint.h>

static inline uint64_t
msr_read(uint32_t number)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(number));
	return (uint64_t)high << 32 | low;
}

static inline void
msr_write(uint32_t number, uint64_t value)
{
	__asm__ volatile("wrmsr" ::"c"(number), "a"((uint32_t)value),
			 "d"((uint32_t)(value >> 32))
			 : "memory");
}

#define cr_read(name)                                         \
	({                                                    \
		uint64_t cr_value;                            \
		__asm__ volatile("movq %%" #name ", %0"       \
				 : "=r"(cr_value)::"memory"); \
		cr_value;                                     \
	})
#define cr_write(name, value)                                         \
	__asm__ volatile("movq %0, %%" #name ::"r"((uint64_t)(value)) \
			 : "memory")

struct cpuid {
	uint32_t a, b, c, d;
};

static inline struct cpuid
cpuid_read(uint32_t leaf, uint32_t part)
{
	struct cpuid id;

	__asm__ volatile("cpuid"
			 : "=a"(id.a), "=b"(id.b), "=c"(id.c), "=d"(id.d)
			 : "a"(leaf), "c"(part));
	return id;
}

static inline uint64_t
tsc_read(void)
{
	return __builtin_ia32_rdtsc();
}

static inline void
port_out8(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" ::"a"(value), "Nd"(port) : "memory");
}

static inline void
port_out16(uint16_t port, uint16_t value)
{
	__asm__ volatile("outw %0, %1" ::"a"(value), "Nd"(port) : "memory");
}

static inline void
port_out32(uint16_t port, uint32_t value)
{
	__asm__ volatile("outl %0, %1" ::"a"(value), "Nd"(port) : "memory");
}

static inline uint8_t
port_in8(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

static inline uint16_t
port_in16(uint16_t port)
{
	uint16_t value;

	__asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

static inline uint32_t
port_in32(uint16_t port)
{
	uint32_t value;

	__asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

#endif
