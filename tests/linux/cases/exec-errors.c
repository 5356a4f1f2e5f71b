/* SPDX-License-Identifier: MIT */
/* exec fails with the right error, and the caller goes on. */
#include "check.h"

static char *const arguments[] = {"x", NULL}, *const none[] = {NULL};

static void
put(const char *name, const void *data, size_t size, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0755);

	NEED(write(fd, data, size));
	NEED(fchmod(fd, mode));
	close(fd);
}

int
main(void)
{
	char big[200000];

	put("text", "just text\n", 10, 0755);
	put("empty", "", 0, 0755);
	put("plain", "#!/bin/sh\n", 10, 0644);
	put("bad", "#!/no/such/interpreter\n", 23, 0755);
	put("cut", "\177ELF\2\1\1", 7, 0755);
	put("loop", "#!./loop\n", 9, 0755);
	NEED(symlink("round", "round"));
	SHOW(execve("nothing", arguments, none));
	SHOW(execve("text/below", arguments, none));
	SHOW(execve("text", arguments, none));
	SHOW(execve("empty", arguments, none));
	SHOW(execve("plain", arguments, none));
	SHOW(execve("bad", arguments, none));
	SHOW(execve("cut", arguments, none));
	SHOW(execve("loop", arguments, none));
	SHOW(execve("round", arguments, none));
	SHOW(execve(".", arguments, none));
	SHOW(execve("/dev/null", arguments, none));
	SHOW(execve("", arguments, none));
	SHOW(execve((char *)8, arguments, none));
	SHOW(execve("/proc/self/exe", (char **)8, none));
	memset(big, 'a', sizeof big - 1);
	big[sizeof big - 1] = 0;
	SHOW(execve("/proc/self/exe", (char *[]){"x", big, NULL}, none));
	return 0;
}
