/* SPDX-License-Identifier: MIT */
/* A signal leaves the 128 bytes below the stack pointer as they were. */
#include "check.h"
#include <sys/time.h>

static volatile int count;

static void
handler(int number)
{
	volatile char noise[512];

	for (unsigned i = 0; i < sizeof(noise); i++)
		noise[i] = (char)number;
	count++;
}

/* Write below the stack pointer, let time pass, compare: 0 if all is well. */
static long
red_zone_round(void)
{
	long wrong = 0;

	__asm__ volatile("	mov	$16, %%rcx\n"
			 "1:	mov	%%rcx, -136(%%rsp, %%rcx, 8)\n"
			 "	dec	%%rcx\n"
			 "	cmp	$1, %%rcx\n"
			 "	jae	1b\n"
			 "	mov	$200000, %%rdx\n"
			 "2:	dec	%%rdx\n"
			 "	jnz	2b\n"
			 "	mov	$16, %%rcx\n"
			 "3:	cmp	%%rcx, -136(%%rsp, %%rcx, 8)\n"
			 "	je	4f\n"
			 "	inc	%0\n"
			 "4:	dec	%%rcx\n"
			 "	jnz	3b\n"
			 : "+r"(wrong)
			 :
			 : "rcx", "rdx", "cc", "memory");
	return wrong;
}

int
main(void)
{
	struct itimerval timer = {{0, 3000}, {0, 3000}};
	struct sigaction action = {.sa_handler = handler};
	long wrong = 0;

	NEED(sigaction(SIGALRM, &action, NULL));
	NEED(setitimer(ITIMER_REAL, &timer, NULL));
	while (count < 40)
		wrong += red_zone_round();
	printf("%ld words lost\n", wrong);
	return 0;
}
