/* SPDX-License-Identifier: MIT */
/*
 * Asks the file server for what it could be busy with for ever, or what its
 * own memory would go to, as a user without rights; then holds on until it is
 * killed or for a while. Who runs it asks only how the others fared.
 *
 * usage: starve openers|timer|sparse|transfer|links|locks
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534
#define ROUNDS 20
#define OPENERS 4
#define VECTORS 1023
#define VECTOR_BYTES (2 << 20)
#define LINKS 100000
#define HOLD_SECONDS 2

/* Readers that wait for a writer of one FIFO die one after the other. */
static void
starve_openers(void)
{
	pid_t children[OPENERS];

	for (int round = 0; round < ROUNDS; round++) {
		mkfifo("fifo", 0600);
		for (int i = 0; i < OPENERS; i++) {
			children[i] = fork();
			if (children[i] == 0)
				_exit(open("fifo", O_RDONLY) < 0);
		}
		usleep(20000);
		for (int i = 0; i < OPENERS; i++) {
			if (children[i] > 0)
				kill(children[i], SIGKILL);
		}
		while (wait(NULL) > 0)
			continue;
		unlink("fifo");
	}
}

/* Timers that would expire all the time. */
static void
starve_timer(void)
{
	struct itimerspec often = {{0, 1}, {0, 1}};

	for (int i = 0; i < OPENERS; i++)
		timerfd_settime(
			timerfd_create(CLOCK_MONOTONIC, 0), 0, &often, NULL);
}

/* Files of which there is but the last byte. */
static void
starve_sparse(void)
{
	char name[32];

	for (int i = 0; i < ROUNDS; i++) {
		snprintf(name, sizeof(name), "sparse%d", i);
		int file = open(name, O_RDWR | O_CREAT, 0600);
		const off_t last = (INT64_C(1) << (30 + i % 11)) - 1;

		if (pwrite(file, "x", 1, last) != 1)
			printf("no byte at %lld\n", (long long)last);
		mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
	}
}

/* As much as one call can ask for, of nothing. */
static void
starve_transfer(void)
{
	static struct iovec vector[VECTORS];
	char *buffer = malloc(VECTOR_BYTES);
	int file = open("hole", O_RDWR | O_CREAT, 0600);

	memset(buffer, 1, VECTOR_BYTES);
	for (int i = 0; i < VECTORS; i++)
		vector[i] = (struct iovec){buffer, VECTOR_BYTES};
	if (ftruncate(file, (off_t)VECTORS * VECTOR_BYTES) < 0 ||
		preadv(file, vector, VECTORS, 0) < 0)
		printf("no transfer\n");
}

static void
starve_links(void)
{
	char target[4000], name[32];
	int i;

	memset(target, 'a', sizeof(target) - 1);
	target[sizeof(target) - 1] = '\0';
	for (i = 0; i < LINKS; i++) {
		snprintf(name, sizeof(name), "link%d", i);
		if (symlink(target, name) < 0)
			break;
	}
	printf("%d links\n", i);
}

static void
starve_locks(void)
{
	int file = open("locks", O_RDWR | O_CREAT, 0600), i;

	for (i = 0; i < LINKS; i++) {
		struct flock lock = {
			.l_type = F_WRLCK, .l_start = 2 * i, .l_len = 1};

		if (fcntl(file, F_SETLK, &lock) < 0)
			break;
	}
	printf("%d locks\n", i);
}

static const struct {
	const char *name;
	void (*run)(void);
} ways[] = {
	{"openers", starve_openers},
	{"timer", starve_timer},
	{"sparse", starve_sparse},
	{"transfer", starve_transfer},
	{"links", starve_links},
	{"locks", starve_locks},
};

int
main(int count, char **arguments)
{
	if (mkdir("starve", 0777) < 0 || chmod("starve", 0777) < 0 ||
		chdir("starve") < 0 || setgroups(0, NULL) < 0 ||
		setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
		setresuid(NOBODY, NOBODY, NOBODY) < 0)
		return 1;
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		if (count == 2 && strcmp(arguments[1], ways[i].name) == 0) {
			ways[i].run();
			sleep(HOLD_SECONDS);
			return 0;
		}
	}
	return 2;
}
