/* SPDX-License-Identifier: MIT */
/* Files without a name: memfd_create, O_TMPFILE, and giving one a name. */
#include "check.h"

static void
nameless_use(int fd)
{
	struct stat stat;
	char in[8] = "";

	SHOW(write(fd, "hello", 5));
	SHOW(pread(fd, in, sizeof in, 0));
	printf("%s\n", in);
	SHOW(fstat(fd, &stat));
	printf("links %lu size %ld regular %d\n", (unsigned long)stat.st_nlink,
		(long)stat.st_size, S_ISREG(stat.st_mode));
	SHOW(ftruncate(fd, 8192));
	char *map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	SHOW(map == MAP_FAILED);
	map[8000] = 'x';
	SHOW(pread(fd, in, 1, 8000));
	printf("%c\n", in[0]);
	SHOW(munmap(map, 8192));
}

static void
name_give(int fd, const char *name)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	SHOW(linkat(AT_FDCWD, path, AT_FDCWD, name, AT_SYMLINK_FOLLOW));
}

int
main(void)
{
	struct stat named;
	int fd, other;

	NEED(fd = memfd_create("name", MFD_CLOEXEC));
	printf("%d\n", fcntl(fd, F_GETFD));
	nameless_use(fd);
	close(fd);
	NEED(fd = open(".", O_TMPFILE | O_RDWR, 0640));
	nameless_use(fd);
	name_give(fd, "named");
	SHOW(stat("named", &named));
	printf("mode %o links %lu\n", named.st_mode & 07777,
		(unsigned long)named.st_nlink);
	name_give(fd, "again");
	SHOW(unlink("named"));
	SHOW(unlink("again"));
	name_give(fd, "late");
	close(fd);
	NEED(fd = open(".", O_TMPFILE | O_WRONLY | O_EXCL, 0600));
	name_give(fd, "never");
	SHOW(open(".", O_TMPFILE | O_RDONLY, 0600));
	SHOW(open("missing", O_TMPFILE | O_RDWR, 0600));
	other = open("file", O_CREAT | O_RDWR, 0600);
	close(other);
	SHOW(open("file", O_TMPFILE | O_RDWR, 0600));
	SHOW(memfd_create("name", 0x800));
	return 0;
}
