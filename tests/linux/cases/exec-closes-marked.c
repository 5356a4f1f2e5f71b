/* SPDX-License-Identifier: MIT */
/* exec closes what is marked close-on-exec, and keeps the rest. */
#include "check.h"

int
main(void)
{
	char path[256], a[8], b[8], c[8], d[8];
	int fds[2];

	int keep = open("/dev/null", O_RDONLY);
	int marked = open("/dev/null", O_RDONLY | O_CLOEXEC);
	NEED(pipe2(fds, O_CLOEXEC));
	int dup_kept = dup(marked);
	int dup_marked = fcntl(keep, F_DUPFD_CLOEXEC, 20);
	printf("%d %d %d\n", fcntl(keep, F_GETFD), fcntl(marked, F_GETFD),
		fcntl(dup_kept, F_GETFD));
	snprintf(path, sizeof path, "%s/bin/open-descriptors", getenv("TESTS"));
	snprintf(a, sizeof a, "%d", keep);
	snprintf(b, sizeof b, "%d", marked);
	snprintf(c, sizeof c, "%d", dup_kept);
	snprintf(d, sizeof d, "%d", dup_marked);
	execl(path, "open-descriptors", a, b, c, d, (char *)NULL);
	return 1;
}
