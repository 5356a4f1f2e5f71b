/* SPDX-License-Identifier: MIT */
/* A handler on its alternate stack catches the stack overflow. */
#include "check.h"

static char stack[65536];

static void
handler(int number, siginfo_t *info, void *context)
{
	(void)context;
	char text[] = "caught 0 code 0\n";
	text[7] = (char)('0' + (number == SIGSEGV));
	text[14] = (char)('0' +
		(info->si_code == SEGV_MAPERR || info->si_code == SEGV_ACCERR));
	_exit(write(1, text, 16) == 16 ? 7 : 8);
}

static int
descend(int depth)
{
	volatile char frame[4000];

	frame[depth & 7] = 1;
	return descend(depth + 1) + frame[0];
}

int
main(void)
{
	stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
	struct sigaction action = {
		.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK};

	NEED(sigaltstack(&alternate, NULL));
	NEED(sigaction(SIGSEGV, &action, NULL));
	return descend(0);
}
