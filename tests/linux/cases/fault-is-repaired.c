/* SPDX-License-Identifier: MIT */
/* A SIGSEGV handler may repair the mapping, and the store is repeated. */
#include "check.h"

static char *area;
static volatile int caught;

static void
handler(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	caught++;
	mprotect((void *)((uintptr_t)info->si_addr & ~4095ul), 4096,
		PROT_READ | PROT_WRITE);
}

int
main(void)
{
	struct sigaction action = {
		.sa_sigaction = handler, .sa_flags = SA_SIGINFO};

	area = mmap(NULL, 100 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		-1, 0);
	NEED(sigaction(SIGSEGV, &action, NULL));
	for (int i = 0; i < 100; i++)
		area[i * 4096 + i] = (char)i;
	printf("caught %d, %d\n", caught, area[57 * 4096 + 57]);
	return 0;
}
