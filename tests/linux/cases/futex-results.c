/* SPDX-License-Identifier: MIT */
/* Futex results: changed value, time-out, nobody, bad address, requeue. */
#include "check.h"
#include <linux/futex.h>

static int word = 5, other;

int
main(void)
{
	struct timespec soon = {0, 20000000}, bad = {0, -1};

	SHOW(syscall(SYS_futex, &word, FUTEX_WAIT, 4, NULL));
	SHOW(syscall(SYS_futex, &word, FUTEX_WAIT, 5, &soon));
	SHOW(syscall(SYS_futex, &word, FUTEX_WAIT, 5, &bad));
	SHOW(syscall(SYS_futex, &word, FUTEX_WAKE, 1));
	SHOW(syscall(SYS_futex, (char *)&word + 1, FUTEX_WAIT, 0, &soon));
	SHOW(syscall(SYS_futex, (int *)8, FUTEX_WAIT, 0, &soon));
	SHOW(syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, 5, &soon, 0, 0));
	SHOW(syscall(SYS_futex, &word, FUTEX_CMP_REQUEUE, 1, 1, &other, 4));
	SHOW(syscall(SYS_futex, &word, FUTEX_CMP_REQUEUE, 1, 1, &other, 5));
	SHOW(syscall(SYS_futex, &word, 126, 0, NULL));
	return 0;
}
