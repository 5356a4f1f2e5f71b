/* SPDX-License-Identifier: MIT
 *
 * Segments, gates and system call registers of the boot processor. Timer, page
 * fault, double fault, NMI and machine check have stacks of their own (row Y7):
 * a trap that comes from the kernel is reported whatever its stack looks like.
 */
#include "segments.h"
#include "types.h"

#include <machine/cpu.h>

#define GATES 256
#define GATE_INTERRUPT 0x8e
#define GATE_USER 0x60 /* user mode may use it */
#define STUB_SIZE 16
#define TRAP_STACK_SIZE 4096

#define SEGMENT_CODE UINT64_C(0x00209b0000000000)
#define SEGMENT_DATA UINT64_C(0x0000930000000000)
#define SEGMENT_USER UINT64_C(0x0000600000000000)
#define SEGMENT_TASK UINT64_C(0x0000890000000000)

/* Interrupt stacks by number, from 1; 0 is the processor's kernel stack. */
enum trap_stack {
	STACK_TIMER = 1,
	STACK_PAGE_FAULT,
	STACK_DOUBLE_FAULT,
	STACK_NMI,
	STACK_MACHINE_CHECK,
	STACKS,
};

struct gate {
	uint16_t offset_low;
	uint16_t selector;
	uint8_t stack;
	uint8_t type;
	uint16_t offset_middle;
	uint32_t offset_high;
	uint32_t zero;
};

struct task_segment {
	uint32_t zero;
	uint64_t stack[3];
	uint64_t zero2;
	uint64_t trap_stack[7];
	uint64_t zero3;
	uint16_t zero4;
	uint16_t ports;
} __attribute__((packed));

struct table_register {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed));

static uint64_t segments[SELECT_TASK / 8 + 2] = {
	[SELECT_CODE / 8] = SEGMENT_CODE,
	[SELECT_DATA / 8] = SEGMENT_DATA,
	[SELECT_USER_DATA / 8] = SEGMENT_DATA | SEGMENT_USER,
	[SELECT_USER_CODE / 8] = SEGMENT_CODE | SEGMENT_USER,
};
static struct gate gates[GATES];
static struct task_segment task;
static char trap_stacks[STACKS - 1][TRAP_STACK_SIZE]
	__attribute__((aligned(16)));

extern char trap_stubs[], trap_ignored[], syscall_entry[];

static void
gate_set(unsigned vector, unsigned stack, unsigned type)
{
	uint64_t stub = (uint64_t)(vector < VECTOR_IGNORED
			? trap_stubs + (size_t)vector * STUB_SIZE
			: trap_ignored);

	gates[vector] = (struct gate){
		.offset_low = (uint16_t)stub,
		.selector = SELECT_CODE,
		.stack = (uint8_t)stack,
		.type = (uint8_t)(GATE_INTERRUPT | type),
		.offset_middle = (uint16_t)(stub >> 16),
		.offset_high = (uint32_t)(stub >> 32),
	};
}

static void
gates_init(void)
{
	unsigned i;

	for (i = 0; i < GATES; i++)
		gate_set(i, 0, 0);
	gate_set(VECTOR_BREAKPOINT, 0, GATE_USER);
	gate_set(VECTOR_TIMER, STACK_TIMER, 0);
	gate_set(VECTOR_PAGE_FAULT, STACK_PAGE_FAULT, 0);
	gate_set(VECTOR_DOUBLE_FAULT, STACK_DOUBLE_FAULT, 0);
	gate_set(VECTOR_NMI, STACK_NMI, 0);
	gate_set(VECTOR_MACHINE_CHECK, STACK_MACHINE_CHECK, 0);
}

static void
task_init(uint64_t kernel_stack)
{
	uint64_t base = (uint64_t)&task, i;

	task.stack[0] = kernel_stack;
	for (i = 1; i < STACKS; i++)
		task.trap_stack[i - 1] =
			(uint64_t)trap_stacks[i - 1] + TRAP_STACK_SIZE;
	task.ports = sizeof(task);
	segments[SELECT_TASK / 8] = SEGMENT_TASK | (sizeof(task) - 1) |
		(base & 0xffffff) << 16 | (base >> 24 & 0xff) << 56;
	segments[SELECT_TASK / 8 + 1] = base >> 32;
}

void
segments_init(uint64_t kernel_stack)
{
	struct table_register table = {
		sizeof(segments) - 1, (uint64_t)segments};
	struct table_register interrupts = {sizeof(gates) - 1, (uint64_t)gates};

	gates_init();
	task_init(kernel_stack);
	__asm__ volatile("lgdt %0\n"
			 "	lidt %1\n"
			 "	ltr %w2\n"
			 "	movl %3, %%ss" ::"m"(table),
			 "m"(interrupts), "r"(SELECT_TASK), "r"(SELECT_DATA)
			 : "memory");
	msr_write(MSR_STAR,
		(uint64_t)SELECT_USER_BASE << 48 | (uint64_t)SELECT_CODE << 32);
	msr_write(MSR_LSTAR, (uint64_t)syscall_entry);
	msr_write(MSR_FMASK, FLAGS_CALL);
}
