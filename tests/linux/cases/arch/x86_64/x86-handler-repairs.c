/* SPDX-License-Identifier: MIT */
/* A handler changes registers in its frame, and the program goes on so. */
#include "check.h"
#include <ucontext.h>

static void
handler(int number, siginfo_t *info, void *context)
{
	greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;

	(void)number;
	(void)info;
	r[REG_RAX] = 42;
	r[REG_R15] += 1;
	r[REG_RIP] += 3; /* the length of the instruction */
	r[REG_EFL] |= 1; /* carry */
}

int
main(void)
{
	struct sigaction action = {
		.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
	long value = 0, kept = 7;
	unsigned char carry = 0;

	NEED(sigaction(SIGSEGV, &action, NULL));
	__asm__ volatile("mov %1, %%r15\nxor %%ecx, %%ecx\nclc\n"
			 "mov (%%rcx), %%rax\n"
			 "setc %2\nmov %%r15, %1"
			 : "=&a"(value), "+r"(kept), "+r"(carry)
			 :
			 : "rcx", "r15", "cc", "memory");
	printf("value %ld, r15 %ld, carry %d\n", value, kept, carry);
	return 0;
}
