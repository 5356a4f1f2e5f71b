/* SPDX-License-Identifier: MIT */
/*
 * A handler finds the interrupted code's vector registers in its frame, may
 * change them there, and what it does to its own harms nothing.
 */
#include "check.h"
#include <ucontext.h>

static uint32_t seen, mode;
static unsigned old_mode;

static void
handler(int number, siginfo_t *info, void *context)
{
	struct _libc_fpstate *fp = ((ucontext_t *)context)->uc_mcontext.fpregs;
	unsigned zero = 0x1f80;

	(void)number;
	(void)info;
	seen = fp->_xmm[3].element[0];
	mode = fp->mxcsr;
	fp->_xmm[3].element[0]++;
	__asm__ volatile("ldmxcsr %0\npxor %%xmm3, %%xmm3\n"
			 "pxor %%xmm15, %%xmm15"
			 :
			 : "m"(zero)
			 : "xmm3", "xmm15");
}

int
main(void)
{
	struct sigaction action = {
		.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
	unsigned rounding = 0x7f80, got = 0, high = 0;
	long number = SYS_kill, pid = getpid();

	NEED(sigaction(SIGUSR1, &action, NULL));
	__asm__ volatile("stmxcsr %0" : "=m"(old_mode));
	__asm__ volatile("ldmxcsr %4\n"
			 "mov	$77, %%r8d\n"
			 "movd	%%r8d, %%xmm3\n"
			 "movd	%%r8d, %%xmm15\n"
			 "syscall\n"
			 "movd	%%xmm3, %1\n"
			 "movd	%%xmm15, %2\n"
			 "stmxcsr %3\n"
			 : "+a"(number), "=r"(got), "=r"(high), "+m"(mode)
			 : "m"(rounding), "D"(pid), "S"((long)SIGUSR1)
			 : "rcx", "r8", "r11", "xmm3", "xmm15", "memory");
	printf("in the frame %u, afterwards %u and %u, mode %x\n", seen, got,
		high, mode);
	__asm__ volatile("ldmxcsr %0" : : "m"(old_mode));
	return 0;
}
