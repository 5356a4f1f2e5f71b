/* SPDX-License-Identifier: MIT */
/* Random numbers, nameless files and exec need nothing of the root folder. */
#include "check.h"

#include <sys/random.h>
#include <sys/resource.h>

static void
copy(const char *from, const char *to)
{
	char bytes[4096];
	int in = open(from, O_RDONLY);
	int out = open(to, O_WRONLY | O_CREAT, 0755);
	ssize_t count;

	while ((count = read(in, bytes, sizeof bytes)) > 0)
		NEED(write(out, bytes, (size_t)count));
	close(in);
	close(out);
}

int
main(void)
{
	char path[256], bytes[64] = "", zero[64] = "";
	struct rlimit none = {4, 64}, some = {64, 64};

	snprintf(path, sizeof path, "%s/bin/open-descriptors", getenv("TESTS"));
	NEED(mkdir("root", 0755));
	copy(path, "root/program");
	SHOW(chroot("root"));
	SHOW(chdir("/"));
	SHOW(getrandom(bytes, sizeof bytes, 0));
	SHOW(memcmp(bytes, zero, sizeof bytes) != 0);
	SHOW(getrandom(bytes, 7, GRND_NONBLOCK));
	SHOW(getrandom(bytes, 7, GRND_RANDOM | GRND_INSECURE));
	SHOW(getrandom(NULL, 7, 0));
	SHOW(getrandom(NULL, 0, 0));
	SHOW_OK(memfd_create("x", MFD_CLOEXEC));
	/* No descriptor is needed either. */
	SHOW(setrlimit(RLIMIT_NOFILE, &none));
	SHOW(getrandom(bytes, sizeof bytes, 0));
	SHOW(setrlimit(RLIMIT_NOFILE, &some));
	fflush(stdout);
	SHOW(execl("/program", "program", "0", "9", (char *)NULL));
	return 1;
}
