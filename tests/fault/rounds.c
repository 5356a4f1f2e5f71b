/* SPDX-License-Identifier: MIT */
/*
 * Thousands of short lives, and what they leave behind: free memory, Factotum's
 * free capability slots and free process numbers must be what they were. The
 * figures come from /proc/meminfo; where the last two are not told (on Linux),
 * memory alone is compared.
 *
 * usage: rounds fork|exec COUNT [PROGRAM]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Lives before the first count, so that tables have grown and caches filled. */
#define WARM_UP 600
/*
 * Factotum's table of numbers is brought page by page as numbers are used for
 * the first time: 8 bytes for each life, until all 65,536 had their turn.
 */
#define SLACK_KIB 128
#define SLACK_SLOTS 64

struct figures {
	long free_kib;
	long slots;
	long pids;
};

static void
figures_read(struct figures *out)
{
	char line[128];
	FILE *file = fopen("/proc/meminfo", "r");

	*out = (struct figures){-1, -1, -1};
	while (file && fgets(line, sizeof(line), file)) {
		sscanf(line, "MemFree: %ld", &out->free_kib);
		sscanf(line, "FreeSlots: %ld", &out->slots);
		sscanf(line, "FreePids: %ld", &out->pids);
	}
	if (file)
		fclose(file);
}

/* One life; false when it could not begin or ended in another way. */
static int
live(const char *program)
{
	int status = -1;
	pid_t pid = fork();

	if (pid < 0)
		return 0;
	if (pid == 0 && program) {
		execl(program, program, "7", (char *)NULL);
		_exit(99);
	}
	if (pid == 0)
		_exit(7);
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
		WEXITSTATUS(status) == 7;
}

static int
lives(int count, const char *program)
{
	for (int i = 0; i < count; i++) {
		if (live(program))
			continue;
		printf("round %d of %d failed\n", i, count);
		return 0;
	}
	return 1;
}

static int
judge(const char *name, const struct figures *before,
	const struct figures *after)
{
	int good = before->free_kib > 0 &&
		after->free_kib >= before->free_kib - SLACK_KIB &&
		after->slots >= before->slots - SLACK_SLOTS &&
		after->pids == before->pids;

	printf("%s: KiB free %ld, then %ld; slots %ld, %ld; pids %ld, %ld\n",
		name, before->free_kib, after->free_kib, before->slots,
		after->slots, before->pids, after->pids);
	return good;
}

int
main(int argc, char **argv)
{
	struct figures before, after;
	const char *program = argc > 3 ? argv[3] : NULL;
	int count = argc > 2 ? atoi(argv[2]) : 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (count <= 0 || (strcmp(argv[1], "exec") == 0) != (argc == 4))
		return 2;
	if (!lives(WARM_UP, program))
		return 1;
	figures_read(&before);
	if (!lives(count, program))
		return 1;
	/* The last one's memory is given back while nobody else asks. */
	usleep(100000);
	figures_read(&after);
	return judge(argv[1], &before, &after) ? 0 : 1;
}
