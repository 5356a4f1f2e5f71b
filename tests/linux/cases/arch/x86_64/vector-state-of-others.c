/* SPDX-License-Identifier: MIT */
/*
 * Processes that take turns, half of them interrupted by signals, whose frames
 * are saved and restored by instructions of their own: each finds its vector
 * registers, and those that a call keeps, as it left them.
 */
#include "check.h"
#include <sched.h>
#include <sys/time.h>

enum {
	PROCESSES = 6,
	ROUNDS = 1600,
};

static void
handler(int number)
{
	(void)number;
}

/* Make a call with patterns in registers; how many came back changed. */
static int
changed(long number, uint64_t seed)
{
	const uint64_t in[2] = {seed, ~seed};
	uint64_t low[2], high[2];
	register uint64_t r8 __asm__("r8") = seed + 8;
	register uint64_t r9 __asm__("r9") = seed + 9;
	register uint64_t r10 __asm__("r10") = seed + 10;
	register uint64_t r12 __asm__("r12") = seed + 12;
	register uint64_t r15 __asm__("r15") = seed + 15;

	__asm__ volatile("movups %[in], %%xmm1\n\t"
			 "movups %[in], %%xmm14\n\t"
			 "syscall\n\t"
			 "movups %%xmm1, %[low]\n\t"
			 "movups %%xmm14, %[high]"
			 : [low] "=m"(low), [high] "=m"(high), "+a"(number),
			 "+r"(r8), "+r"(r9), "+r"(r10), "+r"(r12), "+r"(r15)
			 : [in] "m"(in)
			 : "rcx", "r11", "xmm1", "xmm14", "memory");
	return (low[0] != in[0] || low[1] != in[1]) +
		(high[0] != in[0] || high[1] != in[1]) + (r8 != seed + 8) +
		(r9 != seed + 9) + (r10 != seed + 10) + (r12 != seed + 12) +
		(r15 != seed + 15);
}

static int
take_turns(int process)
{
	const struct itimerval often = {{0, 700}, {0, 500}};
	const struct itimerval never = {{0, 0}, {0, 0}};
	double one = process, other = process;
	int wrong = 0;

	signal(SIGALRM, handler);
	if (process & 1)
		setitimer(ITIMER_REAL, &often, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t seed = (uint64_t)process << 40 | (uint64_t)i;

		wrong += changed(SYS_getppid, seed);
		wrong += changed(SYS_sched_yield, seed);
		for (int k = 0; k < 4000; k++) {
			one = one * 1.000001 + k;
			other = other * 1.000001 + k;
		}
		wrong += one != other;
	}
	setitimer(ITIMER_REAL, &never, NULL);
	return wrong;
}

int
main(void)
{
	pid_t pids[PROCESSES];

	for (int i = 0; i < PROCESSES; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(take_turns(i + 1) != 0);
	}
	for (int i = 0; i < PROCESSES; i++)
		child_show("process", pids[i]);
	return 0;
}
