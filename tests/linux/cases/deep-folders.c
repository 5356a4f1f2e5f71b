/* SPDX-License-Identifier: MIT */
/* Folders nest a hundred deep, and are reached and removed step by step. */
#include "check.h"

int
main(void)
{
	char path[4096];

	for (int i = 0; i < 100; i++) {
		NEED(mkdir("below", 0755));
		NEED(chdir("below"));
	}
	NEED(getcwd(path, sizeof path) ? 0 : -1);
	printf("%d\n", strlen(path) > 600);
	NEED(close(open("f", O_WRONLY | O_CREAT, 0644)));
	SHOW(access(strcat(path, "/f"), F_OK));
	NEED(unlink("f"));
	for (int i = 0; i < 100; i++) {
		NEED(chdir(".."));
		NEED(rmdir("below"));
	}
	SHOW(rmdir("below"));
	return 0;
}
