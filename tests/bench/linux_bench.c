/* SPDX-License-Identifier: MIT */
/*
 * Measures what Linux programs do most, as executed instructions: one static
 * Linux binary, run under QEMU's -icount on Debian's Linux and on Glenda.
 * Prints "@@bench OPERATION VALUE" per operation, the mean of many rounds
 * after a warm-up; the counter costs and the loop are included.
 *
 * Invariant: nothing here idles or sleeps, for under -icount the counter is
 * virtual time and jumps over idle time. Its tick is coarse (100 instructions),
 * so every figure is the mean of enough rounds to make that no matter.
 */
#define _GNU_SOURCE
#include "counter.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *tiny_path, *libc_path;
static char *const empty[] = {NULL};

static void
must(int good, const char *what)
{
	if (good)
		return;
	perror(what);
	_exit(1);
}

/* Run `round` warm + count times; print the mean of the last count. */
static void
measure(const char *name, void (*round)(void), long count)
{
	for (long i = 0; i < count / 10 + 2; i++)
		round();
	unsigned long start = counter_read();
	for (long i = 0; i < count; i++)
		round();
	unsigned long spent = counter_read() - start;
	printf("@@bench %s %lu\n", name,
		(spent + (unsigned long)count / 2) / (unsigned long)count);
}

static void
round_null(void)
{
	syscall(SYS_getppid);
}

static int zero_fd, null_fd, pipe_fds[2], back_fds[2];
static char byte;

static void
round_read(void)
{
	must(read(zero_fd, &byte, 1) == 1, "read");
}

static void
round_write(void)
{
	must(write(null_fd, &byte, 1) == 1, "write");
}

static void
round_open(void)
{
	int fd = open("/dev/null", O_RDONLY);

	must(fd >= 0, "open");
	close(fd);
}

static void
round_pipe(void)
{
	must(write(pipe_fds[1], &byte, 1) == 1, "write");
	must(read(pipe_fds[0], &byte, 1) == 1, "read");
}

static void
round_ping_pong(void)
{
	must(write(pipe_fds[1], &byte, 1) == 1, "write");
	must(read(back_fds[0], &byte, 1) == 1, "read");
}

static void
measure_ping_pong(void)
{
	must(pipe(back_fds) == 0, "pipe");
	pid_t pid = fork();
	if (pid == 0) {
		close(pipe_fds[1]);
		while (read(pipe_fds[0], &byte, 1) == 1)
			must(write(back_fds[1], &byte, 1) == 1, "write");
		_exit(0);
	}
	measure("pipe-ping-pong", round_ping_pong, 2000);
	close(pipe_fds[1]);
	waitpid(pid, NULL, 0);
}

static int turn;

static void
turn_wait(int mine)
{
	int seen;

	while ((seen = __atomic_load_n(&turn, __ATOMIC_ACQUIRE)) != mine &&
		seen >= 0)
		syscall(SYS_futex, &turn, FUTEX_WAIT_PRIVATE, seen, NULL);
}

static void
turn_give(int other)
{
	__atomic_store_n(&turn, other, __ATOMIC_RELEASE);
	syscall(SYS_futex, &turn, FUTEX_WAKE_PRIVATE, 1);
}

static void *
futex_partner(void *arg)
{
	for (;;) {
		turn_wait(1);
		if (turn < 0)
			return arg;
		turn_give(0);
	}
}

static void
round_futex(void)
{
	turn_give(1);
	turn_wait(0);
}

static void
measure_futex(void)
{
	pthread_t partner;

	must(pthread_create(&partner, NULL, futex_partner, NULL) == 0,
		"thread");
	measure("futex-ping-pong", round_futex, 2000);
	turn_give(-1);
	pthread_join(partner, NULL);
}

static volatile int yield_stop;
static volatile long yields_of_partner;

static void *
yield_partner(void *arg)
{
	while (!yield_stop) {
		sched_yield();
		yields_of_partner++;
	}
	return arg;
}

/*
 * Two threads yield to each other; what counts is the time per switch, told
 * from the changes of hand that the shared variable shows.
 */
static void
measure_yield(void)
{
	pthread_t partner;
	long switches = 0, seen;

	must(pthread_create(&partner, NULL, yield_partner, NULL) == 0,
		"thread");
	for (int i = 0; i < 100; i++)
		sched_yield();
	seen = yields_of_partner;
	unsigned long start = counter_read();
	for (int i = 0; i < 4000; i++) {
		sched_yield();
		if (yields_of_partner != seen)
			switches += 2;
		seen = yields_of_partner;
	}
	unsigned long spent = counter_read() - start;
	yield_stop = 1;
	pthread_join(partner, NULL);
	if (switches != 0)
		printf("@@bench yield-switch %lu\n",
			spent / (unsigned long)switches);
}

static void
child_reap(pid_t pid)
{
	int status;

	must(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0,
		"child");
}

static void
round_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	child_reap(pid);
}

static void
spawn(const char *path)
{
	pid_t pid = fork();

	if (pid == 0) {
		execve(path, (char *const[]){(char *)path, NULL}, empty);
		_exit(127);
	}
	child_reap(pid);
}

static void
round_exec_tiny(void)
{
	spawn(tiny_path);
}

static void
round_exec_libc(void)
{
	spawn(libc_path);
}

static void *
thread_nothing(void *arg)
{
	return arg;
}

static void
round_thread(void)
{
	pthread_t thread;

	must(pthread_create(&thread, NULL, thread_nothing, NULL) == 0,
		"thread");
	pthread_join(thread, NULL);
}

static void
round_mmap(void)
{
	void *area = mmap(NULL, 65536, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	must(area != MAP_FAILED, "mmap");
	munmap(area, 65536);
}

enum { PAGES = 1024, PAGE = 4096 };

/* Only the touching is timed, not the mapping around it. */
static void
measure_faults(void)
{
	unsigned long spent = 0;

	for (int i = 0; i < 8; i++) {
		char *area = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		must(area != MAP_FAILED, "mmap");
		madvise(area, PAGES * PAGE, MADV_NOHUGEPAGE);
		unsigned long start = counter_read();
		for (int p = 0; p < PAGES; p++)
			*(volatile char *)(area + p * PAGE) = 1;
		if (i > 0)
			spent += counter_read() - start;
		munmap(area, PAGES * PAGE);
	}
	printf("@@bench page-fault %lu\n", spent / (7 * PAGES));
}

static void
handler(int number)
{
	(void)number;
}

static void
round_signal(void)
{
	kill(getpid(), SIGUSR1);
}

int
main(int argc, char **argv)
{
	unsigned long begun = counter_read();

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 2 && strcmp(argv[1], "boot") == 0) {
		printf("@@bench boot %lu\n", begun);
		return 0;
	}
	must(argc == 3, "two arguments: tiny program, C library program");
	tiny_path = argv[1];
	libc_path = argv[2];
	signal(SIGUSR1, handler);
	zero_fd = open("/dev/zero", O_RDONLY);
	null_fd = open("/dev/null", O_WRONLY);
	must(zero_fd >= 0 && null_fd >= 0 && pipe(pipe_fds) == 0, "files");
	measure("null", round_null, 10000);
	measure("read-zero", round_read, 10000);
	measure("write-null", round_write, 10000);
	measure("open-close", round_open, 3000);
	measure("pipe-one-process", round_pipe, 5000);
	measure("mmap-munmap", round_mmap, 3000);
	measure_faults();
	measure("signal", round_signal, 3000);
	measure_futex();
	measure_yield();
	measure("thread-create-join", round_thread, 500);
	measure("fork-exit-wait", round_fork, 300);
	measure("fork-exec-tiny", round_exec_tiny, 200);
	measure("fork-exec-libc", round_exec_libc, 200);
	measure_ping_pong();
	printf("@@bench-done\n");
	return 0;
}
