/* SPDX-License-Identifier: MIT */
/*
 * What a new thread's registers are on riscv64 (docs/contract.md, 1.2: word 0
 * is pc, word n is xn; the calling convention names x2 sp, x4 tp, x10 a0).
 */
#include "image.h"

#include <string.h>

#include <glenda/kernel_calls.h>

const uint16_t image_machine = ELF_MACHINE_RISCV;

status_t
image_registers(cptr_t tcb, vaddr_t entry, vaddr_t stack, uint64_t argument,
	uint64_t thread_pointer)
{
	uint64_t words[32] = {0};

	words[0] = entry;
	words[2] = stack;
	/* For threads of our own; a program's entry sets its own gp. */
	__asm__("mv %0, gp" : "=r"(words[3]));
	words[4] = thread_pointer;
	words[10] = argument;
	return tcb_write_registers(tcb, words, 32);
}
