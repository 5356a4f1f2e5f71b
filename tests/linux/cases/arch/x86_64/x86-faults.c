/* SPDX-License-Identifier: MIT */
/* Exceptions that only this processor has, as signals with their details. */
#include "check.h"
#include <ucontext.h>

static void
handler(int number, siginfo_t *info, void *context)
{
	const greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;

	printf("signal %d code %d, address is %s, trap %lld\n", number,
		info->si_code,
		info->si_addr == NULL			      ? "null"
			: info->si_addr == (void *)r[REG_RIP] ? "the code"
							      : "another",
		r[REG_TRAPNO]);
	fflush(stdout);
	_exit(1);
}

static void
divide(void)
{
	__asm__ volatile("xor %%ecx, %%ecx\nmov $1, %%eax\ncltd\nidiv %%ecx"
			 :
			 :
			 : "rax", "rcx", "rdx");
}

static void
quotient(void)
{
	__asm__ volatile("mov $0x80000000, %%eax\ncltd\nmov $-1, %%ecx\n"
			 "idiv %%ecx"
			 :
			 :
			 : "rax", "rcx", "rdx");
}

static void
not_canonical(void)
{
	(void)*(volatile char *)0x8000000000000000;
}

static void
privileged(void)
{
	__asm__ volatile("hlt");
}

static void
jump_nowhere(void)
{
	((void (*)(void))0x123456)();
}

static void
provoke(const char *what, void (*act)(void))
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		struct sigaction action = {
			.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
		for (int s = 1; s < 32; s++)
			sigaction(s, &action, NULL);
		act();
		_exit(0);
	}
	child_show(what, pid);
}

int
main(void)
{
	provoke("divide by zero", divide);
	provoke("quotient too large", quotient);
	provoke("not canonical", not_canonical);
	provoke("privileged", privileged);
	provoke("jump", jump_nowhere);
	return 0;
}
