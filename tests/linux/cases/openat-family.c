/* SPDX-License-Identifier: MIT */
/* The ...at calls work below an open folder, AT_FDCWD and by flags. */
#include "check.h"

int
main(void)
{
	struct stat info;
	char text[32] = "";
	int link_fd;

	NEED(mkdir("d", 0755));
	int d = open("d", O_RDONLY | O_DIRECTORY);
	int fd = openat(d, "f", O_RDWR | O_CREAT, 0640);
	SHOW(write(fd, "hello", 5));
	SHOW(mkdirat(d, "sub", 0700));
	SHOW(symlinkat("f", d, "s"));
	SHOW(linkat(d, "f", AT_FDCWD, "hard", 0));
	SHOW(renameat(d, "sub", AT_FDCWD, "moved"));
	SHOW(readlinkat(d, "s", text, sizeof text));
	SHOW(fstatat(d, "s", &info, AT_SYMLINK_NOFOLLOW));
	printf("link %d\n", S_ISLNK(info.st_mode));
	SHOW(fstatat(d, "s", &info, 0));
	printf("size %ld links %ld\n", (long)info.st_size, (long)info.st_nlink);
	SHOW(fstatat(fd, "", &info, AT_EMPTY_PATH));
	SHOW(faccessat(d, "f", R_OK, 0));
	SHOW(fchmodat(d, "f", 0600, 0));
	SHOW(unlinkat(d, "f", AT_REMOVEDIR));
	SHOW(unlinkat(AT_FDCWD, "moved", AT_REMOVEDIR));
	SHOW(unlinkat(d, "f", 0));
	SHOW(fstatat(d, "f", &info, 0));
	SHOW(link_fd = openat(fd, "x", O_RDONLY));
	SHOW(openat(99, "x", O_RDONLY));
	SHOW_OK(openat(99, "/dev/null", O_RDONLY));
	SHOW(renameat2(AT_FDCWD, "hard", d, "s", RENAME_NOREPLACE));
	SHOW(renameat2(AT_FDCWD, "hard", d, "s", RENAME_EXCHANGE));
	SHOW(lstat("hard", &info) == 0 && S_ISLNK(info.st_mode));
	return 0;
}
