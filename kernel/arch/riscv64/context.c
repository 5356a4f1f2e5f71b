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
#include <machine/csr.h>
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

static const char *const cause_names[] = {
	[CAUSE_FETCH_ALIGNMENT] = "misaligned fetch",
	[CAUSE_FETCH_ACCESS] = "fetch access fault",
	[CAUSE_ILLEGAL] = "illegal instruction",
	[CAUSE_BREAKPOINT] = "breakpoint",
	[CAUSE_LOAD_ALIGNMENT] = "misaligned load",
	[CAUSE_LOAD_ACCESS] = "load access fault",
	[CAUSE_STORE_ALIGNMENT] = "misaligned store",
	[CAUSE_STORE_ACCESS] = "store access fault",
	[CAUSE_FETCH_PAGE] = "fetch page fault",
	[CAUSE_LOAD_PAGE] = "load page fault",
	[CAUSE_STORE_PAGE] = "store page fault",
};

struct cause_fault {
	uint32_t kind;
	uint32_t access;
};

static const struct cause_fault cause_faults[] = {
	[CAUSE_FETCH_ALIGNMENT] = {FAULT_ALIGNMENT, CAP_EXECUTE},
	[CAUSE_FETCH_ACCESS] = {FAULT_BUS, CAP_EXECUTE},
	[CAUSE_ILLEGAL] = {FAULT_ILLEGAL, CAP_EXECUTE},
	[CAUSE_BREAKPOINT] = {FAULT_BREAKPOINT, CAP_EXECUTE},
	[CAUSE_LOAD_ALIGNMENT] = {FAULT_ALIGNMENT, CAP_READ},
	[CAUSE_LOAD_ACCESS] = {FAULT_BUS, CAP_READ},
	[CAUSE_STORE_ALIGNMENT] = {FAULT_ALIGNMENT, CAP_WRITE},
	[CAUSE_STORE_ACCESS] = {FAULT_BUS, CAP_WRITE},
	[CAUSE_FETCH_PAGE] = {FAULT_PAGE, CAP_EXECUTE},
	[CAUSE_LOAD_PAGE] = {FAULT_PAGE, CAP_READ},
	[CAUSE_STORE_PAGE] = {FAULT_PAGE, CAP_WRITE},
};

#define CAUSES (sizeof(cause_faults) / sizeof(cause_faults[0]))

void
context_init(struct trap_context *context, uaddr_t entry, uaddr_t stack)
{
	context->x[REGISTER_PC] = entry.value;
	context->x[REGISTER_SP] = stack.value;
	context->status = SSTATUS_SPIE;
	context->handler = (uint64_t)trap_from_user;
}

void
context_bind(struct trap_context *context, struct processor *processor)
{
	context->kernel_stack = processor->kernel_stack;
	context->processor = processor;
}

/* User mode can have any value in any of them. */
void
context_set_registers(
	struct trap_context *context, const uint64_t *words, unsigned count)
{
	memcpy(context->x, words, count * sizeof(*words));
}

void
fp_init(struct fp_context *fp)
{
	memset(fp, 0, sizeof(*fp));
}

bool
context_fp_is_on(const struct trap_context *context)
{
	return context->status & SSTATUS_FS;
}

void
context_fp_set(struct trap_context *context, bool on)
{
	context->status &= ~(uint64_t)SSTATUS_FS;
	if (on)
		context->status |= SSTATUS_FS_DIRTY;
}

/* With FP off, the first FP instruction is an illegal one. */
void
trap_exception(struct thread *thread, uint64_t cause, uint64_t address)
{
	if (cause >= CAUSES || !cause_faults[cause].kind)
		panic("unexpected trap %lu from user mode", cause);
	if (cause == CAUSE_ILLEGAL && !context_fp_is_on(&thread->context)) {
		trap_fp_wanted(thread);
		return;
	}
	thread->fault_cause = cause;
	thread->fault_address = address;
	trap_fault(
		thread, cause_faults[cause].kind, cause_faults[cause].access);
}

_Noreturn void
trap_from_kernel(
	const struct trap_context *context, uint64_t cause, uint64_t address)
{
	const char *name = "trap";

	if (cause < CAUSES && cause_names[cause])
		name = cause_names[cause];
	panic_trap(context, "%s (cause %lu) in the kernel, address 0x%lx", name,
		cause, address);
}

/* Frames are chained through s0: return address and caller's s0 below it. */
unsigned
platform_backtrace(uint64_t frame, uint64_t *addresses, unsigned count)
{
	unsigned found = 0;

	if (!frame)
		frame = (uint64_t)__builtin_frame_address(0);
	while (found < count && frame > UINT64_C(0xffffffff80000000) &&
		!(frame & 7)) {
		const uint64_t *record = (const uint64_t *)frame;

		addresses[found++] = record[-1];
		if (record[-2] <= frame)
			break;
		frame = record[-2];
	}
	return found;
}
