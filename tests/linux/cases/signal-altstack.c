/* SPDX-License-Identifier: MIT */
/* sigaltstack: handlers run on it, states, sizes and refusals. */
#include "check.h"

static char stack[65536];
static volatile int inside;
static volatile int on_stack_flag;

static void
handler(int number)
{
	char here;
	stack_t now;

	(void)number;
	inside = &here >= stack && &here < stack + sizeof stack;
	sigaltstack(NULL, &now);
	on_stack_flag = now.ss_flags;
}

int
main(void)
{
	stack_t set = {.ss_sp = stack, .ss_size = sizeof stack}, old;
	struct sigaction action = {
		.sa_handler = handler, .sa_flags = SA_ONSTACK};

	SHOW(sigaltstack(NULL, &old));
	printf("flags %d\n", old.ss_flags);
	SHOW(sigaltstack(&set, NULL));
	NEED(sigaction(SIGUSR1, &action, NULL));
	raise(SIGUSR1);
	printf("inside %d flags %d\n", inside, on_stack_flag);
	action.sa_flags = 0;
	NEED(sigaction(SIGUSR1, &action, NULL));
	raise(SIGUSR1);
	printf("inside %d flags %d\n", inside, on_stack_flag);
	set.ss_size = 100;
	SHOW(sigaltstack(&set, NULL));
	set.ss_flags = 77;
	SHOW(sigaltstack(&set, NULL));
	set.ss_flags = SS_DISABLE;
	SHOW(sigaltstack(&set, NULL));
	return 0;
}
