/* SPDX-License-Identifier: MIT */
/* readv, writev, preadv, pwritev: order, short counts, refusals. */
#include "check.h"
#include <sys/uio.h>

int
main(void)
{
	char a[4] = "", b[8] = "", c[8] = "";
	struct iovec out[] = {{"one", 3}, {"", 0}, {"two", 3}, {"three", 5}};
	struct iovec in[] = {{a, 3}, {b, 5}, {c, 7}};
	int fd = open("file", O_RDWR | O_CREAT, 0644);

	SHOW(writev(fd, out, 4));
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(readv(fd, in, 3));
	printf("%.3s %.5s %.3s\n", a, b, c);
	SHOW(readv(fd, in, 3));
	SHOW(pwritev(fd, out, 2, 20));
	SHOW(preadv(fd, in, 2, 19));
	printf("%d %.2s\n", a[0], a + 1);
	SHOW(writev(fd, out, -1));
	SHOW(writev(fd, out, 2000));
	SHOW(writev(fd, out, 0));
	SHOW(writev(fd, (struct iovec *)8, 1));
	out[1].iov_len = (size_t)-1;
	SHOW(writev(fd, out, 2));
	out[1] = (struct iovec){(char *)8, 4};
	SHOW(writev(fd, &out[1], 1));
	SHOW(pread(fd, a, 1, -1));
	SHOW(pwrite(fd, a, 0, 0));
	return 0;
}
