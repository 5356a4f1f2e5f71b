/* SPDX-License-Identifier: MIT */
/*
 * The program's registers beyond those that entry.S keeps: flags, the bases of
 * FS and GS, and what a program finds in them when it begins.
 */
#include <arch/bases.h>
#include <arch/fp.h>

#include "frame.h"
#include "memory.h"

enum {
	FLAG_FIXED = 0x2,
	FLAG_INTERRUPTS = 0x200,
};

void
registers_of_call(struct line_thread *thread)
{
	const struct utcb *utcb = line_utcb(thread);
	uint64_t *r = thread->registers;

	r[REG_PC] = utcb->save_pc;
	r[REG_SP] = utcb->save_sp;
	r[REG_RDI] = r[REG_ARGS];
	r[REG_RSI] = r[REG_ARGS + 1];
	r[REG_RDX] = r[REG_ARGS + 2];
	r[REG_R10] = r[REG_ARGS + 3];
	r[REG_R8] = r[REG_ARGS + 4];
	r[REG_R9] = r[REG_ARGS + 5];
	r[REG_RCX] = r[REG_PC];
	r[REG_FLAGS] = r[REG_R11];
	r[REG_FS_BASE] = fs_base_get();
	r[REG_GS_BASE] = gs_base_get();
}

void
registers_begin(struct line_thread *thread, uint64_t entry, uint64_t sp)
{
	uint64_t *r = thread->registers;

	memset(r, 0, sizeof(thread->registers));
	r[REG_PC] = entry;
	r[REG_SP] = sp;
	r[REG_FLAGS] = FLAG_FIXED | FLAG_INTERRUPTS;
	fp_reset(thread->process);
}

void
registers_measure(struct line_process *process)
{
	fp_measure(process);
}
