/* SPDX-License-Identifier: MIT */
/* arch_prctl, and that the bases of FS and GS belong to the thread. */
#include "check.h"
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	SET_GS = 0x1001,
	GET_FS = 0x1003,
	GET_GS = 0x1004,
};

static unsigned long here[4] = {11, 22, 33, 44};
static __thread int own = 5;

static unsigned long
through_gs(void)
{
	unsigned long value;

	__asm__ volatile("movq %%gs:8, %0" : "=r"(value));
	return value;
}

static void
handler(int number)
{
	(void)number;
	syscall(SYS_arch_prctl, SET_GS, &here[1]);
}

int
main(void)
{
	unsigned long base = 0;
	pid_t pid;

	SHOW(syscall(SYS_arch_prctl, SET_GS, here));
	printf("%lu\n", through_gs());
	sched_yield();
	usleep(1000);
	printf("%lu\n", through_gs());
	SHOW(syscall(SYS_arch_prctl, GET_GS, &base));
	printf("%d\n", base == (unsigned long)here);
	/* No frame has the base: a handler's choice stays. */
	signal(SIGUSR1, handler);
	raise(SIGUSR1);
	printf("%lu\n", through_gs());
	pid = fork();
	if (pid == 0) {
		printf("child %lu own %d\n", through_gs(), own);
		fflush(stdout);
		syscall(SYS_arch_prctl, SET_GS, here);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	printf("%lu\n", through_gs());
	SHOW(syscall(SYS_arch_prctl, GET_FS, &base));
	printf("%d\n", *(unsigned long *)base == base);
	SHOW(syscall(SYS_arch_prctl, SET_GS, ~0ul));
	SHOW(syscall(SYS_arch_prctl, GET_GS, 8));
	SHOW(syscall(SYS_arch_prctl, 0x9999, 0));
	return 0;
}
