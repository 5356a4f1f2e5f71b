/* SPDX-License-Identifier: MIT */
/* stat, lstat, fstat and statx agree on types, modes, sizes, links. */
#include "check.h"
#include <sys/sysmacros.h>

static void
show(const char *path)
{
	struct stat info;
	struct statx more;

	NEED(lstat(path, &info));
	printf("%s: mode %o links %ld uid %d size %ld rdev %x", path,
		info.st_mode, S_ISDIR(info.st_mode) ? 0 : (long)info.st_nlink,
		(int)info.st_uid,
		S_ISDIR(info.st_mode) ? 0 : (long)info.st_size,
		S_ISCHR(info.st_mode) ? (unsigned)info.st_rdev : 0);
	NEED(statx(
		AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &more));
	printf(" same %d\n",
		more.stx_mode == info.st_mode &&
			more.stx_size == (uint64_t)info.st_size &&
			more.stx_ino == info.st_ino &&
			more.stx_mtime.tv_sec == info.st_mtime);
}

int
main(void)
{
	struct stat info;
	struct timespec times[2] = {{1000000, 5000}, {2000000, 7000}};

	umask(022);
	int fd = open("file", O_WRONLY | O_CREAT, 06755);
	NEED(write(fd, "12345", 5));
	NEED(mkdir("dir", 01777));
	NEED(symlink("some/target", "link"));
	NEED(mkfifo("pipe", 0666));
	show("file");
	show("dir");
	show("link");
	show("pipe");
	show("/dev/null");
	SHOW(futimens(fd, times));
	NEED(fstat(fd, &info));
	printf("%ld.%09ld %ld.%09ld\n", info.st_atim.tv_sec,
		info.st_atim.tv_nsec, info.st_mtim.tv_sec,
		info.st_mtim.tv_nsec);
	printf("blocks %d\n", info.st_blocks > 0);
	SHOW(stat("nothing", &info));
	SHOW(stat("file/x", &info));
	SHOW(stat("file", (struct stat *)8));
	SHOW(fstat(99, &info));
	return 0;
}
