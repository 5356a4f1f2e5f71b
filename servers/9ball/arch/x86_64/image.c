/* SPDX-License-Identifier: MIT */
/*
 * What a new thread's registers are on x86_64 (docs/contract.md, 7.1: word 0
 * rip, 6 rdi, 8 rsp, 18 FS base). A stack pointer stands where a call to the
 * entry would have left it.
 */
#include "image.h"

#include <string.h>

#include <glenda/kernel_calls.h>

const uint16_t image_machine = ELF_MACHINE_X86_64;

status_t
image_registers(cptr_t tcb, vaddr_t entry, vaddr_t stack, uint64_t argument,
	uint64_t thread_pointer)
{
	uint64_t words[20] = {0};

	words[0] = entry;
	words[6] = argument;
	words[8] = stack - 8;
	words[18] = thread_pointer;
	return tcb_write_registers(tcb, words, 20);
}
