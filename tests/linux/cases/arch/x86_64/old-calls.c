/* SPDX-License-Identifier: MIT */
/* The calls that newer architectures have no numbers for. */
#include "check.h"
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

static void
paths(void)
{
	struct stat s;
	char text[16] = {0};
	long fd = syscall(SYS_creat, "old", 0640);

	printf("creat %d\n", fd >= 0);
	SHOW(syscall(SYS_write, fd, "hello", 5));
	close((int)fd);
	SHOW(syscall(SYS_stat, "old", &s));
	printf("%o %ld %ld %d\n", s.st_mode, (long)s.st_size, (long)s.st_nlink,
		s.st_uid == getuid());
	SHOW(syscall(SYS_chmod, "old", 0600));
	SHOW(syscall(SYS_link, "old", "linked"));
	SHOW(syscall(SYS_symlink, "old", "soft"));
	SHOW(syscall(SYS_lstat, "soft", &s));
	printf("%o %ld\n", s.st_mode & S_IFMT, (long)s.st_size);
	SHOW(syscall(SYS_readlink, "soft", text, sizeof(text)));
	printf("%s\n", text);
	SHOW(syscall(SYS_access, "soft", R_OK));
	SHOW(syscall(SYS_access, "none", R_OK));
	SHOW(syscall(SYS_mkdir, "folder", 0755));
	SHOW(syscall(SYS_rename, "linked", "folder/moved"));
	SHOW(syscall(SYS_renameat, AT_FDCWD, "folder/moved", AT_FDCWD, "back"));
	SHOW(syscall(SYS_rmdir, "folder"));
	SHOW(syscall(SYS_rmdir, "back"));
	SHOW(syscall(SYS_mknod, "pipe", S_IFIFO | 0600, 0));
	SHOW(syscall(SYS_chown, "old", getuid(), getgid()));
	SHOW(syscall(SYS_lchown, "soft", getuid(), getgid()));
	SHOW(syscall(SYS_unlink, "none"));
	SHOW(syscall(SYS_open, "old", O_RDONLY | O_DIRECTORY));
	SHOW(syscall(SYS_open, "soft", O_RDONLY | O_NOFOLLOW));
}

static void
times(void)
{
	struct utimbuf whole = {100, 200};
	struct timeval parts[2] = {{300, 5}, {400, 999999}};
	struct timeval wrong[2] = {{300, 5}, {400, 1000000}};
	struct stat s;

	SHOW(syscall(SYS_utime, "old", &whole));
	stat("old", &s);
	printf("%ld %ld\n", (long)s.st_atime, (long)s.st_mtime);
	SHOW(syscall(SYS_utimes, "old", parts));
	stat("old", &s);
	printf("%ld.%09ld %ld.%09ld\n", (long)s.st_atime, s.st_atim.tv_nsec,
		(long)s.st_mtime, s.st_mtim.tv_nsec);
	SHOW(syscall(SYS_utimes, "old", wrong));
	SHOW(syscall(SYS_futimesat, AT_FDCWD, "none", parts));
	SHOW(syscall(SYS_utime, "none", NULL));
	printf("%d\n", syscall(SYS_time, NULL) > 1000000000);
}

struct old_entry {
	unsigned long inode;
	unsigned long offset;
	unsigned short length;
	char name[];
};

static void
folders(void)
{
	char buffer[1024];
	long bytes;
	int fd, seen = 0;

	SHOW(mkdir("list", 0755));
	close(open("list/a-file", O_CREAT | O_RDWR, 0600));
	SHOW(mkdir("list/a-folder", 0755));
	SHOW(symlink("x", "list/a-link"));
	fd = open("list", O_RDONLY);
	SHOW(syscall(SYS_getdents, fd, buffer, 8));
	bytes = syscall(SYS_getdents, fd, buffer, sizeof(buffer));
	for (long at = 0; at < bytes;) {
		struct old_entry *e = (void *)(buffer + at);

		if (strcmp(e->name, "a-file") == 0)
			seen |= buffer[at + e->length - 1] == 8;
		if (strcmp(e->name, "a-folder") == 0)
			seen |= (buffer[at + e->length - 1] == 4) << 1;
		if (strcmp(e->name, "a-link") == 0)
			seen |= (buffer[at + e->length - 1] == 10) << 2;
		if (strcmp(e->name, "..") == 0)
			seen |= 8;
		at += e->length;
	}
	printf("seen %d, then %ld\n", seen,
		syscall(SYS_getdents, fd, buffer, sizeof(buffer)));
	close(fd);
}

static void
descriptors(void)
{
	int fd[2], epoll;
	struct pollfd ask;
	struct epoll_event event = {EPOLLIN, {.u64 = 0x1122334455667788}};
	struct epoll_event got[2];
	struct timeval limit = {0, 1000};
	fd_set set;
	char byte;

	SHOW(syscall(SYS_pipe, fd));
	SHOW(syscall(SYS_dup2, fd[0], fd[0]) == fd[0]);
	SHOW(syscall(SYS_dup2, fd[1], 50));
	SHOW(syscall(SYS_dup2, 99, 99));
	ask = (struct pollfd){fd[0], POLLIN, 0};
	SHOW(syscall(SYS_poll, &ask, 1, 1));
	FD_ZERO(&set);
	FD_SET(fd[0], &set);
	SHOW(syscall(SYS_select, fd[0] + 1, &set, NULL, NULL, &limit));
	printf("left %ld.%06ld\n", (long)limit.tv_sec, (long)limit.tv_usec);
	epoll = (int)syscall(SYS_epoll_create, 1);
	SHOW(syscall(SYS_epoll_create, 0));
	SHOW(epoll_ctl(epoll, EPOLL_CTL_ADD, fd[0], &event));
	SHOW(syscall(SYS_epoll_wait, epoll, got, 2, 0));
	SHOW(write(50, "x", 1));
	memset(got, 0xee, sizeof(got));
	SHOW(syscall(SYS_epoll_wait, epoll, got, 2, -1));
	printf("%x %lx %lx\n", got[0].events, (unsigned long)got[0].data.u64,
		(unsigned long)got[1].data.u64);
	SHOW(syscall(SYS_poll, &ask, 1, -1));
	printf("%d\n", ask.revents);
	SHOW(syscall(SYS_read, fd[0], &byte, 1));
	SHOW(syscall(SYS_eventfd, 3) >= 0);
}

static void
processes(void)
{
	int status;
	long pid = syscall(SYS_fork);

	if (pid == 0)
		_exit(7);
	SHOW(waitpid((pid_t)pid, &status, 0) == pid);
	printf("%d\n", WEXITSTATUS(status));
	SHOW(syscall(SYS_getpgrp) == getpgid(0));
	SHOW(syscall(SYS_alarm, 100));
	SHOW(syscall(SYS_alarm, 0));
}

int
main(void)
{
	umask(0);
	paths();
	times();
	folders();
	descriptors();
	processes();
	return 0;
}
