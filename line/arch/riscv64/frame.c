/* SPDX-License-Identifier: MIT */
/*
 * Signal frames of riscv64 (Linux: arch/riscv, uapi asm/ucontext.h,
 * asm/sigcontext.h, asm/ptrace.h). A handler returns to the trampoline behind
 * the window, as it would to the vDSO's.
 */
#include "frame.h"

#include <arch/fp.h>

#include "entry.h"
#include "errno.h"
#include "memory.h"
#include "user.h"

/* struct rt_sigframe: siginfo, then ucontext. */
struct signal_frame {
	uint8_t info[128];
	uint64_t uc_flags;
	uint64_t uc_link;
	uint64_t stack_pointer;
	int32_t stack_flags;
	int32_t stack_pad;
	uint64_t stack_size;
	uint64_t mask;
	uint8_t reserved[120];
	uint64_t pad;
	uint64_t registers[REG_COUNT]; /* pc, x1..x31 */
	uint64_t fp[FP_WORDS];
};

_Static_assert(sizeof(struct signal_frame) == 1088, "struct rt_sigframe");

int64_t
frame_push(uint64_t *registers, const struct frame *f)
{
	struct signal_frame out;
	uint64_t at = (f->top - sizeof(out)) & ~UINT64_C(15);

	if (at < f->floor)
		return -EFAULT;
	memcpy(out.info, f->info, sizeof(out.info));
	out.uc_flags = 0;
	out.uc_link = 0;
	out.stack_pad = 0;
	out.pad = 0;
	memset(out.reserved, 0, sizeof(out.reserved));
	out.stack_pointer = f->stack_pointer;
	out.stack_size = f->stack_size;
	out.stack_flags = (int32_t)f->stack_flags;
	out.mask = f->mask;
	memcpy(out.registers, registers, sizeof(out.registers));
	line_fp_save(out.fp);
	if (user_write(at, &out, sizeof(out)) < 0)
		return -EFAULT;
	registers[REG_PC] = f->action->handler;
	registers[REG_RA] = (uintptr_t)line_trampoline;
	registers[REG_SP] = at;
	registers[REG_ARGS] = f->signal;
	registers[REG_ARGS + 1] = at + offsetof(struct signal_frame, info);
	registers[REG_ARGS + 2] = at + offsetof(struct signal_frame, uc_flags);
	return 0;
}

int64_t
frame_pop(uint64_t *registers, uint64_t sp, struct frame *f)
{
	struct signal_frame in;

	if (user_read(&in, sp, sizeof(in)) < 0)
		return -EFAULT;
	memcpy(registers, in.registers, sizeof(in.registers));
	line_fp_load(in.fp);
	f->stack_pointer = in.stack_pointer;
	f->stack_size = in.stack_size;
	f->stack_flags = (uint32_t)in.stack_flags;
	f->mask = in.mask;
	return 0;
}

void
registers_of_call(struct line_thread *thread)
{
	const struct utcb *utcb = line_utcb(thread);

	thread->registers[REG_PC] = utcb->save_pc;
	thread->registers[REG_SP] = utcb->save_sp;
	thread->registers[REG_SCRATCH] = utcb->save_scratch;
	thread->registers[REG_NUMBER] = utcb->save_number;
}

void
registers_begin(struct line_thread *thread, uint64_t entry, uint64_t sp)
{
	static const uint64_t no_fp[FP_WORDS];

	memset(thread->registers, 0, sizeof(thread->registers));
	thread->registers[REG_PC] = entry;
	thread->registers[REG_SP] = sp;
	line_fp_load(no_fp);
}

void
registers_measure(struct line_process *process)
{
	process->fp_bytes = FP_WORDS * 8;
}
