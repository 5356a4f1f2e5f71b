/* SPDX-License-Identifier: MIT */
/* A system call keeps every register but rax, rcx and r11. */
#include "check.h"

/* Registers rbx, rdx, rsi, rdi, rbp, r8-r10, r12-r15 after a call; how many
 * have changed. */
static int
call_round(long number)
{
	unsigned long w[13] = {0};

	w[12] = (unsigned long)number;
	__asm__ volatile("	push	%%rbx\n	push	%%rbp\n"
			 "	push	%%rax\n"
			 "	mov	96(%%rax), %%rax\n"
			 "	mov	$-1, %%rbx\n	mov	$-2, %%rdx\n"
			 "	mov	$-3, %%rsi\n	mov	$-4, %%rdi\n"
			 "	mov	$-5, %%rbp\n	mov	$-6, %%r8\n"
			 "	mov	$-7, %%r9\n	mov	$-8, %%r10\n"
			 "	mov	$-9, %%r12\n	mov	$-10, %%r13\n"
			 "	mov	$-11, %%r14\n	mov	$-12, %%r15\n"
			 "	syscall\n"
			 "	pop	%%rax\n"
			 "	mov	%%rbx, 0(%%rax)\n"
			 "	mov	%%rdx, 8(%%rax)\n"
			 "	mov	%%rsi, 16(%%rax)\n"
			 "	mov	%%rdi, 24(%%rax)\n"
			 "	mov	%%rbp, 32(%%rax)\n"
			 "	mov	%%r8, 40(%%rax)\n"
			 "	mov	%%r9, 48(%%rax)\n"
			 "	mov	%%r10, 56(%%rax)\n"
			 "	mov	%%r12, 64(%%rax)\n"
			 "	mov	%%r13, 72(%%rax)\n"
			 "	mov	%%r14, 80(%%rax)\n"
			 "	mov	%%r15, 88(%%rax)\n"
			 "	pop	%%rbp\n	pop	%%rbx\n"
			 :
			 : "a"(w)
			 : "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11",
			 "r12", "r13", "r14", "r15", "memory", "cc");
	int changed = 0;
	for (unsigned i = 0; i < 12; i++)
		changed += w[i] != -(unsigned long)(i + 1);
	return changed;
}

int
main(void)
{
	printf("getpid: %d\n", call_round(SYS_getpid));
	printf("read: %d\n", call_round(SYS_read));
	printf("futex: %d\n", call_round(SYS_futex));
	printf("none such: %d\n", call_round(9999));
	printf("mmap: %d\n", call_round(SYS_mmap));
	return 0;
}
