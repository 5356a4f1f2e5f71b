/* SPDX-License-Identifier: MIT */
/*
 * Signal frames of x86_64 (Linux: struct rt_sigframe; uapi/asm/ucontext.h,
 * asm/sigcontext.h). From the top of the stack downwards: the program's red
 * zone, the floating-point state, siginfo, ucontext, the address that the
 * handler returns to.
 */
#include "frame.h"

#include <arch/bases.h>
#include <arch/fp.h>

#include "errno.h"
#include "memory.h"
#include "signal.h"
#include "user.h"

#define SA_RESTORER UINT64_C(0x04000000)

enum uc_flag {
	UC_FP_XSTATE = 1,
	UC_SIGCONTEXT_SS = 2,
	UC_STRICT_RESTORE_SS = 4,
};

/* Selectors of a 64-bit program, as Linux shows them. */
enum {
	USER_CODE = 0x33,
	USER_DATA = 0x2b,
};

enum {
	FLAG_TRAP = 0x100,
	FLAG_DIRECTION = 0x400,
	FLAG_RESUME = 0x10000,
};

/* What raised a fault's signal (Intel 64 manual, volume 3, chapter 6). */
enum {
	TRAP_DIVIDE = 0,
	TRAP_BREAKPOINT = 3,
	TRAP_OPCODE = 6,
	TRAP_PROTECTION = 13,
	TRAP_PAGE = 14,
	TRAP_ALIGNMENT = 17,
	ERROR_USER = 4,
};

#define GENERAL_REGISTERS 18

/* struct sigcontext */
struct context {
	uint64_t registers[GENERAL_REGISTERS];
	uint16_t code_segment;
	uint16_t gs;
	uint16_t fs;
	uint16_t stack_segment;
	uint64_t error;
	uint64_t trap;
	uint64_t old_mask;
	uint64_t fault_address;
	uint64_t fp; /* address, 0: none */
	uint64_t reserved[8];
};

_Static_assert(sizeof(struct context) == 256, "struct sigcontext");

/* Our registers in the order of that structure. */
static const uint8_t order[GENERAL_REGISTERS] = {REG_R8, REG_R9, REG_R10,
	REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RDI, REG_RSI, REG_RBP,
	REG_RBX, REG_RDX, REG_RAX, REG_RCX, REG_SP, REG_PC, REG_FLAGS};

struct signal_frame {
	uint64_t restorer;
	uint64_t uc_flags;
	uint64_t uc_link;
	uint64_t stack_pointer;
	uint32_t stack_flags;
	uint32_t stack_pad;
	uint64_t stack_size;
	struct context context;
	uint64_t mask;
	uint8_t info[128];
};

_Static_assert(sizeof(struct signal_frame) == 440, "struct rt_sigframe");

enum {
	SEGMENT_BY_KERNEL = 0x80, /* SI_KERNEL: not about a page */
	BUS_ALIGNMENT = 1,
};

static uint64_t
trap_of(uint32_t signal, int32_t code)
{
	switch (signal) {
	case SIGSEGV:
		return code == SEGMENT_BY_KERNEL ? TRAP_PROTECTION : TRAP_PAGE;
	case SIGBUS:
		return code == BUS_ALIGNMENT ? TRAP_ALIGNMENT : TRAP_PAGE;
	case SIGILL:
		return TRAP_OPCODE;
	case SIGTRAP:
		return TRAP_BREAKPOINT;
	}
	return TRAP_DIVIDE;
}

/* What a fault's siginfo tells of the trap behind it. */
static void
put_trap(struct context *context, const struct frame *f)
{
	int32_t code;

	memcpy(&code, f->info + 8, sizeof(code));
	if (code <= 0 || code > SEGMENT_BY_KERNEL)
		return;
	context->trap = trap_of(f->signal, code);
	if (context->trap != TRAP_PAGE)
		return;
	context->error = ERROR_USER;
	memcpy(&context->fault_address, f->info + 16, 8);
}

static void
fill(struct signal_frame *out, const uint64_t *registers, const struct frame *f)
{
	memset(out, 0, sizeof(*out));
	out->restorer = f->action->restorer;
	out->uc_flags = UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS;
	if (f->process->fp_parts)
		out->uc_flags |= UC_FP_XSTATE;
	out->stack_pointer = f->stack_pointer;
	out->stack_flags = f->stack_flags;
	out->stack_size = f->stack_size;
	out->mask = f->mask;
	memcpy(out->info, f->info, sizeof(out->info));
	for (unsigned i = 0; i < GENERAL_REGISTERS; i++)
		out->context.registers[i] = registers[order[i]];
	out->context.code_segment = USER_CODE;
	out->context.stack_segment = USER_DATA;
	out->context.old_mask = f->mask;
	put_trap(&out->context, f);
}

int64_t
frame_push(uint64_t *registers, const struct frame *f)
{
	uint64_t fp = (f->top - fp_frame_bytes(f->process)) &
		~(uint64_t)(FP_ALIGN - 1);
	struct signal_frame out;
	/* As if the handler had been called. */
	uint64_t at = ((fp - sizeof(out)) & ~UINT64_C(15)) - 8;

	if (at < f->floor || !(f->action->flags & SA_RESTORER))
		return -EFAULT;
	fill(&out, registers, f);
	out.context.fp = fp;
	if (fp_save(f->process, fp) < 0 ||
		user_write(at, &out, sizeof(out)) < 0)
		return -EFAULT;
	fp_reset(f->process);
	registers[REG_PC] = f->action->handler;
	registers[REG_SP] = at;
	registers[REG_RAX] = 0;
	registers[REG_RDI] = f->signal;
	registers[REG_RSI] = at + offsetof(struct signal_frame, info);
	registers[REG_RDX] = at + offsetof(struct signal_frame, uc_flags);
	registers[REG_FLAGS] &=
		~(uint64_t)(FLAG_DIRECTION | FLAG_RESUME | FLAG_TRAP);
	return 0;
}

int64_t
frame_pop(uint64_t *registers, uint64_t sp, struct frame *f)
{
	struct signal_frame in;

	/* The handler's return took the restorer's address off. */
	if (user_read(&in, sp - sizeof(in.restorer), sizeof(in)) < 0)
		return -EFAULT;
	if (!in.context.fp)
		fp_reset(f->process);
	else if (fp_load(f->process, in.context.fp) < 0)
		return -EFAULT;
	for (unsigned i = 0; i < GENERAL_REGISTERS; i++)
		registers[order[i]] = in.context.registers[i];
	/* No frame has these: they are what they are. */
	registers[REG_FS_BASE] = fs_base_get();
	registers[REG_GS_BASE] = gs_base_get();
	f->stack_pointer = in.stack_pointer;
	f->stack_size = in.stack_size;
	f->stack_flags = in.stack_flags;
	f->mask = in.mask;
	return 0;
}
