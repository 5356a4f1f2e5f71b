/* SPDX-License-Identifier: MIT */
/* A shared anonymous mapping is one memory for parent and children. */
#include "check.h"

int
main(void)
{
	int *shared = mmap(NULL, 65536, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int *private = mmap(NULL, 65536, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (int i = 0; i < 8; i++) {
		pid_t pid = fork();
		if (pid == 0) {
			for (int k = 0; k < 1000; k++)
				__atomic_add_fetch(
					&shared[5000], 1, __ATOMIC_SEQ_CST);
			shared[i] = i * i;
			private[i] = 99;
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		continue;
	printf("%d\n", shared[5000]);
	for (int i = 0; i < 8; i++)
		printf("%d %d\n", shared[i], private[i]);
	return 0;
}
