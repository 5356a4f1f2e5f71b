/* SPDX-License-Identifier: MIT */
/* Supplementary groups open files and folders, and pass to children. */
#include "check.h"

#include <grp.h>

/* What the kernel holds, in its order. */
static void
groups_show(const char *whose)
{
	gid_t list[8];
	int count = getgroups(8, list);

	printf("%s:", whose);
	for (int i = 0; i < count; i++)
		printf(" %u", (unsigned)list[i]);
	printf("\n");
	fflush(stdout);
}

static void
status_show(void)
{
	char line[128];
	FILE *file = fopen("/proc/self/status", "r");

	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, "Groups:", 7) == 0)
			printf("%s", line);
	}
	if (file)
		fclose(file);
}

static void
file_make(const char *name, gid_t group, mode_t mode)
{
	NEED(close(open(name, O_WRONLY | O_CREAT, 0600)));
	NEED(chown(name, 0, group));
	NEED(chmod(name, mode));
}

static void
mode_show(const char *name)
{
	struct stat is;

	NEED(stat(name, &is));
	printf("%s: %o %u\n", name, is.st_mode & 07777, (unsigned)is.st_gid);
}

static void
member(void)
{
	gid_t one = 10;
	pid_t pid;

	SHOW(setgid(1000));
	SHOW(setuid(1000));
	groups_show("member");
	status_show();
	SHOW_OK(open("read20", O_RDONLY));
	SHOW_OK(open("read20", O_WRONLY));
	SHOW_OK(open("read21", O_RDONLY));
	SHOW_OK(open("others30", O_RDONLY));
	SHOW_OK(open("others31", O_RDONLY));
	SHOW(access("read20", R_OK));
	SHOW(chdir("folder30"));
	SHOW_OK(open("mine", O_RDWR | O_CREAT, 0640));
	SHOW(chdir(".."));
	SHOW(chdir("folder31"));
	/* One's own file goes to one's own groups only. */
	SHOW(chown("folder30/mine", -1, 10));
	mode_show("folder30/mine");
	SHOW(chmod("folder30/mine", 02750));
	mode_show("folder30/mine");
	SHOW(chown("folder30/mine", -1, 11));
	SHOW(chown("folder30/mine", -1, 1000));
	SHOW(setgroups(1, &one));
	SHOW(setgroups(0, NULL));
	pid = fork();
	if (pid == 0) {
		groups_show("grandchild");
		SHOW_OK(open("read20", O_RDONLY));
		_exit(0);
	}
	child_show("grandchild", pid);
	_exit(0);
}

int
main(void)
{
	const gid_t groups[] = {30, 10, 20, 10};
	gid_t list[8];
	int ends[2];
	char byte;
	pid_t pid;

	umask(022);
	groups_show("first");
	SHOW(setgroups(4, groups));
	groups_show("set");
	SHOW(getgroups(0, NULL));
	SHOW(getgroups(3, list));
	SHOW(getgroups(-1, list));
	SHOW(getgroups(4, (gid_t *)8));
	SHOW(setgroups(2, (gid_t *)8));
	SHOW(setgroups(65537, groups));
	groups_show("still");
	NEED(chmod(".", 0755));
	file_make("read20", 20, 0640);
	file_make("read21", 21, 0640);
	file_make("others30", 30, 0604);
	file_make("others31", 31, 0604);
	NEED(mkdir("folder30", 0770));
	NEED(chown("folder30", 0, 30));
	NEED(mkdir("folder31", 0770));
	NEED(chown("folder31", 0, 31));
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		member();
	child_show("member", pid);
	/* A child keeps what its parent had when it was born. */
	NEED(pipe(ends));
	pid = fork();
	if (pid == 0) {
		NEED(read(ends[0], &byte, 1));
		groups_show("child");
		_exit(0);
	}
	SHOW(setgroups(0, NULL));
	NEED(write(ends[1], "x", 1));
	child_show("child", pid);
	groups_show("parent");
	status_show();
	return 0;
}
