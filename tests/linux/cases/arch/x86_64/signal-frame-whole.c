/* SPDX-License-Identifier: MIT */
/*
 * A handler sees the vector registers of what it interrupted in its frame,
 * begins with fresh ones, and what it writes there comes into force; the red
 * zone below the stack pointer stays as it was.
 */
#include "check.h"
#include <cpuid.h>
#include <stdint.h>
#include <string.h>
#include <ucontext.h>

static uint64_t in_frame[2], fresh[2];
static unsigned magic, control;
static int aligned, marked, alternate;

static void
handler(int number, siginfo_t *info, void *context)
{
	ucontext_t *c = context;
	char *fp = (char *)c->uc_mcontext.fpregs;
	uint32_t size;

	(void)number;
	(void)info;
	__asm__ volatile("movups %%xmm9, %0" : "=m"(fresh));
	memcpy(in_frame, fp + 160 + 9 * 16, 16);
	memcpy(&magic, fp + 464, 4);
	memcpy(&size, fp + 468, 4);
	memcpy(&marked, fp + size - 4, 4);
	memcpy(&control, fp + 24, 4);
	aligned = (uintptr_t)fp % 64 == 0 && (uintptr_t)context % 16 == 0;
	alternate = c->uc_stack.ss_flags;
	((uint64_t *)(fp + 160 + 9 * 16))[1] = 0x7777;
	c->uc_mcontext.gregs[REG_R12] = 0x1212;
}

static void
provoke(int number)
{
	uint64_t value[2] = {0xabcdef, 0x123456}, out[2], kept, r12 = 1;
	long pid = getpid();

	__asm__ volatile("movups %[value], %%xmm9\n\t"
			 "movq $0x5eed, -120(%%rsp)\n\t"
			 "movq $1, %%r12\n\t"
			 "syscall\n\t"
			 "movq -120(%%rsp), %[kept]\n\t"
			 "movups %%xmm9, %[out]\n\t"
			 "movq %%r12, %[r12]"
			 : [out] "=m"(out), [kept] "=&r"(kept), [r12] "=m"(r12),
			 "+D"(pid)
			 : [value] "m"(value), "a"(62L), "S"((long)number)
			 : "rcx", "r11", "r12", "xmm9", "memory");
	printf("frame %lx %lx\n", in_frame[0], in_frame[1]);
	printf("fresh %lx %lx\n", fresh[0], fresh[1]);
	printf("back %lx %lx, r12 %lx, red zone %lx\n", out[0], out[1], r12,
		kept);
	printf("marks %x %x, mxcsr %x, aligned %d, stack %d\n", magic,
		(unsigned)marked, control, aligned, alternate);
}

static void
upper_halves(void)
{
	uint64_t value[4] = {1, 2, 3, 4}, out[4] = {0};
	unsigned a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_AVX)) {
		printf("no AVX\n");
		return;
	}
	__asm__ volatile("vmovups %0, %%ymm4" : : "m"(value) : "xmm4");
	raise(SIGUSR1);
	usleep(1000);
	__asm__ volatile("vmovups %%ymm4, %0" : "=m"(out));
	printf("upper %lx %lx\n", out[2], out[3]);
}

int
main(void)
{
	static char stack[65536];
	stack_t other = {.ss_sp = stack, .ss_size = sizeof(stack)};
	struct sigaction action = {
		.sa_sigaction = handler, .sa_flags = SA_SIGINFO};

	sigaction(SIGUSR1, &action, NULL);
	action.sa_flags |= SA_ONSTACK;
	sigaction(SIGUSR2, &action, NULL);
	provoke(SIGUSR1);
	SHOW(sigaltstack(&other, NULL));
	provoke(SIGUSR2);
	upper_halves();
	return 0;
}
