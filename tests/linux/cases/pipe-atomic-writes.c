/* SPDX-License-Identifier: MIT */
/* Writes of up to 4096 bytes by several processes are not mixed. */
#include "check.h"

static char block[4096];

int
main(void)
{
	int fds[2], counts[4] = {0}, mixed = 0;

	NEED(pipe(fds));
	for (int i = 0; i < 4; i++) {
		if (fork() != 0)
			continue;
		memset(block, 'a' + i, sizeof block);
		for (int k = 0; k < 50; k++)
			NEED(write(fds[1], block, sizeof block));
		_exit(0);
	}
	close(fds[1]);
	for (;;) {
		size_t have = 0;
		ssize_t n = 0;
		while (have < sizeof block &&
			(n = read(fds[0], block + have, sizeof block - have)) >
				0)
			have += (size_t)n;
		if (have == 0)
			break;
		for (size_t i = 1; i < sizeof block; i++)
			mixed += block[i] != block[0];
		counts[block[0] - 'a']++;
	}
	printf("%d %d %d %d mixed %d\n", counts[0], counts[1], counts[2],
		counts[3], mixed);
	return 0;
}
