/* SPDX-License-Identifier: MIT */
/* Moving bytes inside the kernel does not go with appending. */
#include "check.h"
#include <sys/sendfile.h>

int
main(void)
{
	int in = open("in", O_RDWR | O_CREAT, 0600);
	int out = open("out", O_RDWR | O_CREAT | O_APPEND, 0600);
	int plain = open("out", O_RDWR);
	char text[32] = {0};

	NEED(write(in, "0123456789", 10));
	NEED(write(out, "begin ", 6));
	NEED(lseek(in, 0, SEEK_SET));
	SHOW(sendfile(out, in, NULL, 4));
	SHOW(copy_file_range(in, NULL, out, NULL, 4, 0));
	SHOW(lseek(in, 0, SEEK_CUR));
	SHOW(sendfile(plain, in, NULL, 4));
	SHOW(copy_file_range(in, NULL, plain, NULL, 4, 0));
	SHOW(pread(out, text, sizeof(text) - 1, 0));
	printf("%s\n", text);
	return 0;
}
