/* SPDX-License-Identifier: MIT
 *
 * Making contexts and dispatching traps on their cause (rows A8, A9).
 */
#include "fault.h"
#include "panic.h"
#include "processor.h"
#include "thread.h"
#include "trap.h"

#include <arch/context.h>
#include <arch/platform.h>
#include <machine/offsets.h>
#include <string.h>

/* Where a trap in the kernel leaves its registers, and a stack that does not
 * depend on the one that may be broken. */
struct trap_context kernel_trap_context;
char kernel_trap_stack[4096] __attribute__((aligned(16)));
_Noreturn void trap_from_kernel(
	const struct trap_context *context, uint64_t cause, uint64_t address);
extern char kernel_trap_stack_end[];
__asm__(".globl kernel_trap_stack_end\n"
	".set kernel_trap_stack_end, kernel_trap_stack + 4096\n");

/* In the place of a thread until the first one runs. */
extern struct trap_context boot_context;
struct trap_context boot_context = {.processor = &processors[0]};

static const char *const vector_names[VECTOR_LINES] = {
	"division error",
	"debug exception",
	"non-maskable interrupt",
	"breakpoint",
	"overflow",
	"bound range exceeded",
	"invalid opcode",
	"no floating point",
	"double fault",
	"coprocessor overrun",
	"invalid task segment",
	"segment not present",
	"stack segment fault",
	"general protection fault",
	"page fault",
	[16] = "x87 exception",
	[17] = "misaligned access",
	[18] = "machine check",
	[19] = "SIMD exception",
	[21] = "control protection exception",
};

/* FAULT_ kinds of exceptions of programs. What the protection refuses for a
 * reason that has no address counts as access to where nothing can be. */
static const uint32_t vector_faults[VECTOR_LINES] = {
	[0] = FAULT_ARITHMETIC,
	[VECTOR_DEBUG] = FAULT_BREAKPOINT,
	[VECTOR_BREAKPOINT] = FAULT_BREAKPOINT,
	[4] = FAULT_ARITHMETIC,
	[5] = FAULT_ARITHMETIC,
	[6] = FAULT_ILLEGAL,
	[10] = FAULT_BUS,
	[11] = FAULT_BUS,
	[12] = FAULT_BUS,
	[VECTOR_PROTECTION] = FAULT_PAGE,
	[VECTOR_PAGE_FAULT] = FAULT_PAGE,
	[16] = FAULT_ARITHMETIC,
	[17] = FAULT_ALIGNMENT,
	[19] = FAULT_ARITHMETIC,
};

void
context_init(struct trap_context *context, uaddr_t entry, uaddr_t stack)
{
	context->x[REGISTER_IP] = entry.value;
	context->x[REGISTER_SP] = stack.value;
	context->x[REGISTER_FLAGS] = FLAGS_ALWAYS;
	context->frame.code = SELECT_USER_CODE;
	context->frame.flags = FLAGS_ALWAYS;
	context->frame.data = SELECT_USER_DATA;
	context->whole = true;
}

void
context_bind(struct trap_context *context, struct processor *processor)
{
	context->kernel_stack = processor->kernel_stack;
	context->processor = processor;
}

/* A base that wrfsbase would refuse becomes one that it takes. */
static uint64_t
canonical(uint64_t address)
{
	return (uint64_t)((int64_t)(address << 16) >> 16);
}

void
context_set_registers(
	struct trap_context *context, const uint64_t *words, unsigned count)
{
	uint64_t *x = context->x;

	memcpy(x, words, count * sizeof(*words));
	context_set_pc(context, x[REGISTER_IP]);
	x[REGISTER_FLAGS] = (x[REGISTER_FLAGS] & FLAGS_USER) | FLAGS_ALWAYS;
	x[REGISTER_FS] = canonical(x[REGISTER_FS]);
	x[REGISTER_GS] = canonical(x[REGISTER_GS]);
}

void
context_leave_upcall(struct trap_context *context, const struct utcb *utcb)
{
	context_set_registers(context, utcb->context, CONTEXT_REGISTERS);
}

bool
context_fp_is_on(const struct trap_context *context)
{
	return context->fp_on;
}

void
context_fp_set(struct trap_context *context, bool on)
{
	context->fp_on = on;
}

static uint32_t
fault_access(uint64_t cause)
{
	uint64_t error = cause >> 8;

	if ((cause & 0xff) != VECTOR_PAGE_FAULT)
		return CAP_EXECUTE;
	if (error & PAGE_FAULT_FETCH)
		return CAP_EXECUTE;
	return error & PAGE_FAULT_WRITE ? CAP_WRITE : CAP_READ;
}

void
trap_exception(struct thread *thread, uint64_t cause, uint64_t address)
{
	unsigned vector = cause & 0xff;

	if (vector == VECTOR_NO_FP) {
		trap_fp_wanted(thread);
		return;
	}
	if (vector >= VECTOR_LINES || !vector_faults[vector])
		panic("%s (vector %u) in user mode",
			vector < VECTOR_LINES ? vector_names[vector] : NULL,
			vector);
	if (vector == VECTOR_PROTECTION)
		address = UINT64_MAX;
	else if (vector != VECTOR_PAGE_FAULT)
		address = context_pc(&thread->context);
	thread->fault_cause = cause;
	thread->fault_address = address;
	trap_fault(thread, vector_faults[vector], fault_access(cause));
}

_Noreturn void
trap_from_kernel(
	const struct trap_context *context, uint64_t cause, uint64_t address)
{
	unsigned vector = cause & 0xff;
	const char *name = "trap";

	if (vector < VECTOR_LINES && vector_names[vector])
		name = vector_names[vector];
	panic_trap(context, "%s (cause 0x%lx) in the kernel, address 0x%lx",
		name, cause, address);
}

/* Frames are chained through rbp: caller's rbp, then the return address. */
unsigned
platform_backtrace(uint64_t frame, uint64_t *addresses, unsigned count)
{
	unsigned found = 0;

	if (!frame)
		frame = (uint64_t)__builtin_frame_address(0);
	while (found < count && frame >= KERNEL_IMAGE && !(frame & 7)) {
		const uint64_t *record = (const uint64_t *)frame;

		if (!record[1])
			break;
		addresses[found++] = record[1];
		if (record[0] <= frame)
			break;
		frame = record[0];
	}
	return found;
}
