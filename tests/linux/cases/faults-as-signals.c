/* SPDX-License-Identifier: MIT */
/* Processor faults arrive as the right signals with the right details. */
#include "check.h"
#include "cpu.h"
#include <setjmp.h>

static char *area;

static void
handler(int number, siginfo_t *info, void *context)
{
	(void)context;
	printf("signal %d code %d address %s\n", number, info->si_code,
		(char *)info->si_addr == area	? "area"
			: info->si_addr == NULL ? "null"
						: "other");
	fflush(stdout);
	_exit(1);
}

static void
provoke(const char *what, void (*act)(void))
{
	pid_t pid = fork();

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

static void
read_null(void)
{
	(void)*(volatile char *)NULL;
}

static void
write_protected(void)
{
	*(volatile char *)area = 1;
}

static void
illegal(void)
{
	__asm__ volatile(CPU_UNDEFINED);
}

static void
breakpoint(void)
{
	__asm__ volatile(CPU_BREAKPOINT);
}

int
main(void)
{
	area = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	provoke("null", read_null);
	provoke("protected", write_protected);
	provoke("illegal", illegal);
	provoke("breakpoint", breakpoint);
	provoke("abort", abort);
	return 0;
}
