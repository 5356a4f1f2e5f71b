/* SPDX-License-Identifier: MIT */
/*
 * Takes all it can get of one thing and keeps it until it is refused, then
 * holds on for a while. Being killed for it is as good an end as any: who runs
 * it asks only how the others fared.
 *
 * usage: hog forks|memory|pipes|files|descriptors|threads|calls
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define HOLD_SECONDS 2
#define NOBODY 65534
#define BLOCK (1 << 20)
#define ENDLESS 1000000

static long taken;

/*
 * Every child forks, too; each holds on, then ends by itself. The limit on
 * processes is one of each user, so it is another one than the neighbour's.
 */
static void
hog_forks(void)
{
	if (setresuid(NOBODY, NOBODY, NOBODY) < 0)
		return;
	for (int refused = 0; refused < 50;) {
		pid_t pid = fork();

		if (pid < 0) {
			refused++;
			usleep(10000);
		}
		if (pid > 0)
			taken++;
	}
}

static void
hog_memory(void)
{
	for (; taken < ENDLESS; taken++) {
		char *block = malloc(BLOCK);

		if (!block)
			return;
		memset(block, 0x5a, BLOCK);
	}
}

/* Open all, fill all: pages of pipes are not charged to who wrote them. */
static void
hog_pipes(void)
{
	static char bytes[65536];
	int ends[2];

	for (; taken < ENDLESS && pipe2(ends, O_NONBLOCK) == 0; taken++) {
		while (write(ends[1], bytes, sizeof(bytes)) > 0)
			continue;
	}
}

static void
hog_files(void)
{
	static char bytes[65536];
	int file = open("/tmp/hog", O_CREAT | O_WRONLY | O_TRUNC, 0600);

	unlink("/tmp/hog");
	while (taken < ENDLESS && write(file, bytes, sizeof(bytes)) > 0)
		taken++;
}

static void
hog_descriptors(void)
{
	while (taken < ENDLESS && open("/dev/null", O_RDONLY) >= 0)
		taken++;
}

static void *
thread_idle(void *argument)
{
	sleep(HOLD_SECONDS);
	return argument;
}

static void
hog_threads(void)
{
	pthread_t thread;

	while (taken < ENDLESS &&
		pthread_create(&thread, NULL, thread_idle, NULL) == 0)
		taken++;
}

/* Nearly all of its time is spent in a server, until it is killed. */
static void
hog_calls(void)
{
	struct rusage usage;

	for (;;)
		getrusage(RUSAGE_SELF, &usage);
}

static const struct {
	const char *name;
	void (*run)(void);
} kinds[] = {
	{"forks", hog_forks},
	{"memory", hog_memory},
	{"pipes", hog_pipes},
	{"files", hog_files},
	{"descriptors", hog_descriptors},
	{"threads", hog_threads},
	{"calls", hog_calls},
};

int
main(int argc, char **argv)
{
	struct rlimit most = {0, 0};

	getrlimit(RLIMIT_NOFILE, &most);
	most.rlim_cur = most.rlim_max;
	setrlimit(RLIMIT_NOFILE, &most);
	for (size_t i = 0; argc > 1 && i < sizeof(kinds) / sizeof(*kinds);
		i++) {
		pid_t self = getpid();

		if (strcmp(argv[1], kinds[i].name) != 0)
			continue;
		kinds[i].run();
		if (getpid() == self && taken)
			printf("hog %s: %ld, then %s\n", argv[1], taken,
				strerrorname_np(errno));
		fflush(stdout);
		sleep(HOLD_SECONDS);
		return 0;
	}
	return 2;
}
