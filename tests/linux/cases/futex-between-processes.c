/* SPDX-License-Identifier: MIT */
/* A futex in shared memory joins two processes. */
#include "check.h"
#include <linux/futex.h>

int
main(void)
{
	int *word = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid = fork();

	if (pid == 0) {
		while (__atomic_load_n(word, __ATOMIC_SEQ_CST) == 0)
			syscall(SYS_futex, word, FUTEX_WAIT, 0, NULL);
		_exit(*word);
	}
	usleep(100000);
	__atomic_store_n(word, 42, __ATOMIC_SEQ_CST);
	SHOW(syscall(SYS_futex, word, FUTEX_WAKE, 100));
	child_show("child", pid);
	return 0;
}
