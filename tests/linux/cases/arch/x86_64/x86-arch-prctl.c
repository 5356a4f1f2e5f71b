/* SPDX-License-Identifier: MIT */
/* arch_prctl: the bases of FS and GS, and what it refuses. */
#include "check.h"
#include <asm/prctl.h>

int
main(void)
{
	static long words[4] = {11, 22, 33, 44};
	unsigned long base = 0, self = 0, value = 0;

	SHOW(syscall(SYS_arch_prctl, ARCH_GET_FS, &base));
	__asm__("mov %%fs:0, %0" : "=r"(self));
	printf("FS is the thread: %d\n", base == self);
	SHOW(syscall(SYS_arch_prctl, ARCH_SET_GS, words));
	__asm__ volatile("mov %%gs:16, %0" : "=r"(value));
	printf("through GS: %lu\n", value);
	SHOW(syscall(SYS_arch_prctl, ARCH_GET_GS, &base));
	printf("GS as set: %d\n", base == (unsigned long)words);
	if (fork() == 0) {
		__asm__ volatile("mov %%gs:24, %0" : "=r"(value));
		printf("in a child: %lu\n", value);
		return 0;
	}
	wait(NULL);
	SHOW(syscall(SYS_arch_prctl, ARCH_SET_GS, -1L));
	SHOW(syscall(SYS_arch_prctl, ARCH_SET_FS, 1L << 62));
	SHOW(syscall(SYS_arch_prctl, ARCH_GET_FS, 8L));
	SHOW(syscall(SYS_arch_prctl, 0x7777, 0L));
	return 0;
}
