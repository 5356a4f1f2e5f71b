/* SPDX-License-Identifier: MIT */
/*
 * Takes all it can get of one thing and keeps it until it is refused, then
 * holds on for a while. Being killed for it is as good an end as any: who runs
 * it asks only how the others fared.
 *
 * usage: hog forks|memory|pipes|files|descriptors|threads|calls|waits|nodes|
 *	      maps [nobody]
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
#include <sys/stat.h>
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

static void *
thread_wait(void *argument)
{
	char byte;

	/* Nobody ever writes. */
	if (read(*(int *)argument, &byte, 1) < 0)
		usleep(HOLD_SECONDS * 1000000);
	return NULL;
}

/* Calls that servers cannot answer: some in each of many processes. */
static void
hog_waits(void)
{
	pthread_attr_t small;
	pthread_t thread;
	static int ends[2];
	pid_t pid;

	if (pipe(ends) < 0)
		return;
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 16384);
	do
		pid = fork();
	while (pid > 0 && ++taken < 8);
	if (pid != 0)
		return;
	for (int i = 0; i < 200; i++) {
		if (pthread_create(&thread, &small, thread_wait, ends) != 0)
			break;
	}
	sleep(HOLD_SECONDS);
	_exit(0);
}

/* Files without bytes, links, and long texts of links. */
static void
hog_nodes(void)
{
	char name[64], text[4000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	if (mkdir("/tmp/nodes", 0700) < 0 || chdir("/tmp/nodes") < 0)
		return;
	for (; taken < ENDLESS; taken++) {
		snprintf(name, sizeof(name), "n%ld", taken);
		switch (taken % 4) {
		case 0:
			if (symlink(text, name) < 0)
				return;
			break;
		case 1:
			if (link("n0", name) < 0)
				return;
			break;
		default:
			if (mknod(name, S_IFREG | 0600, 0) < 0)
				return;
		}
	}
}

/* Files that stay after their maker was killed, full of its pages. */
static void
hog_maps(void)
{
	char name[64], *bytes;
	int file;

	for (; taken < ENDLESS; taken++) {
		snprintf(name, sizeof(name), "/tmp/map%ld", taken);
		file = open(name, O_CREAT | O_RDWR, 0600);
		if (file < 0 || ftruncate(file, BLOCK) < 0)
			return;
		bytes = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED,
			file, 0);
		close(file);
		if (bytes == MAP_FAILED)
			return;
		memset(bytes, 0x5a, BLOCK);
	}
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
	{"waits", hog_waits},
	{"nodes", hog_nodes},
	{"maps", hog_maps},
};

int
main(int argc, char **argv)
{
	struct rlimit most = {0, 0};

	getrlimit(RLIMIT_NOFILE, &most);
	most.rlim_cur = most.rlim_max;
	setrlimit(RLIMIT_NOFILE, &most);
	if (argc > 2 && setresuid(NOBODY, NOBODY, NOBODY) < 0)
		return 2;
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
