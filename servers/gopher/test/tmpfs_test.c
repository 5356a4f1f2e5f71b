/* SPDX-License-Identifier: MIT */
/*
 * tmpfs: rules of rename and unlink, holes, big folders, and random
 * operations that a simple model in plain arrays must agree with.
 */
#include "test.h"

static void
holes_and_sizes(void **state)
{
	struct file_stat stat;
	char in[16];
	int64_t fd;

	(void)state;
	world_start();
	fd = do_open(1, "/tmp/hole", OPEN_CREATE | OPEN_BOTH, 0600);
	assert_int_equal(do_pwrite(1, fd, "end", 3, 100000), 3);
	assert_int_equal(do_fstat(1, fd, &stat), 0);
	assert_int_equal(stat.size, 100003);
	assert_int_equal(stat.blocks, 8); /* one page */
	assert_int_equal(do_pread(1, fd, in, 8, 99998), 5);
	assert_memory_equal(in, "\0\0end", 5);
	assert_int_equal(do_pread(1, fd, in, 8, 200000), 0);
	/* What is cut off comes back as zeros. */
	assert_int_equal(do_truncate(1, "/tmp/hole", 100001), 0);
	assert_int_equal(do_truncate(1, "/tmp/hole", 100003), 0);
	assert_int_equal(do_pread(1, fd, in, 8, 100000), 3);
	assert_memory_equal(in, "e\0\0", 3);
	assert_int_equal(do_truncate(1, "/tmp/hole", 0), 0);
	assert_int_equal(world_pages(), 0);
	assert_int_equal(do_unlink(1, "/tmp/hole", 0), 0);
	assert_int_equal(do_close(1, fd), 0);
}

static void
unlinked_while_open(void **state)
{
	struct file_stat stat;
	char in[4];
	int64_t fd;

	(void)state;
	world_start();
	fd = do_open(1, "/tmp/gone", OPEN_CREATE | OPEN_BOTH, 0600);
	assert_int_equal(do_unlink(1, "/tmp/gone", 0), 0);
	assert_int_equal(do_stat(1, "/tmp/gone", 0, &stat), ERR_NOENT);
	assert_int_equal(do_write(1, fd, "here", 4), 4);
	assert_int_equal(do_pread(1, fd, in, 4, 0), 4);
	assert_memory_equal(in, "here", 4);
	assert_int_equal(do_fstat(1, fd, &stat), 0);
	assert_int_equal(stat.links, 0);
	assert_int_equal(do_close(1, fd), 0);
	assert_int_equal(world_pages(), 0);
}

static void
append_goes_to_the_end(void **state)
{
	int64_t a, b;
	char in[8];

	(void)state;
	world_start();
	a = do_open(1, "/tmp/log", OPEN_CREATE | OPEN_BOTH | OPEN_APPEND, 0600);
	b = do_open(1, "/tmp/log", OPEN_WRITE, 0);
	assert_int_equal(do_write(1, a, "ab", 2), 2);
	assert_int_equal(do_write(1, b, "xyz", 3), 3);
	assert_int_equal(do_write(1, a, "cd", 2), 2);
	assert_int_equal(do_pread(1, a, in, 8, 0), 5);
	assert_memory_equal(in, "xyzcd", 5);
	assert_int_equal(do_close(1, a), 0);
	assert_int_equal(do_close(1, b), 0);
	assert_int_equal(do_unlink(1, "/tmp/log", 0), 0);
}

static void
touch(const char *path)
{
	int64_t fd = do_open(1, path, OPEN_CREATE | OPEN_WRITE, 0600);

	assert_true(fd >= 0);
	assert_int_equal(do_close(1, fd), 0);
}

static void
rename_rules(void **state)
{
	struct file_stat before, after;

	(void)state;
	world_start();
	assert_int_equal(do_make(1, "/tmp/r", MODE_FOLDER | 0755), 0);
	assert_int_equal(do_make(1, "/tmp/r/a", MODE_FOLDER | 0755), 0);
	assert_int_equal(do_make(1, "/tmp/r/b", MODE_FOLDER | 0755), 0);
	touch("/tmp/r/f");
	touch("/tmp/r/g");
	touch("/tmp/r/b/x");
	assert_int_equal(do_rename(1, "/tmp/r/a", "/tmp/r/a/b", 0), ERR_INVAL);
	assert_int_equal(do_rename(1, "/tmp/r/a", "/tmp/r/b", 0), ERR_NOTEMPTY);
	assert_int_equal(do_rename(1, "/tmp/r/f", "/tmp/r/a", 0), ERR_ISDIR);
	assert_int_equal(do_rename(1, "/tmp/r/a", "/tmp/r/f", 0), ERR_NOTDIR);
	assert_int_equal(do_rename(1, "/tmp/r/f", "/tmp/r/n/", 0), ERR_NOTDIR);
	assert_int_equal(do_rename(1, "/tmp/r/f", "/tmp/r/g", 1), ERR_EXIST);
	assert_int_equal(do_rename(1, "/tmp/r/none", "/tmp/r/g", 0), ERR_NOENT);
	assert_int_equal(do_stat(1, "/tmp/r/f", 0, &before), 0);
	assert_int_equal(do_rename(1, "/tmp/r/f", "/tmp/r/g", 0), 0);
	assert_int_equal(do_stat(1, "/tmp/r/g", 0, &after), 0);
	assert_int_equal(before.inode, after.inode);
	assert_int_equal(do_stat(1, "/tmp/r/f", 0, &after), ERR_NOENT);
	/* Two names of one file: nothing happens, both stay. */
	assert_int_equal(do_link(1, "/tmp/r/g", "/tmp/r/h"), 0);
	assert_int_equal(do_rename(1, "/tmp/r/g", "/tmp/r/h", 0), 0);
	assert_int_equal(do_stat(1, "/tmp/r/g", 0, &after), 0);
	assert_int_equal(after.links, 2);
	/* Moving folders moves `..` and the counts. */
	assert_int_equal(do_stat(1, "/tmp/r", 0, &before), 0);
	assert_int_equal(do_rename(1, "/tmp/r/b", "/tmp/r/a/b", 0), 0);
	assert_int_equal(do_stat(1, "/tmp/r", 0, &after), 0);
	assert_int_equal(after.links, before.links - 1);
	assert_int_equal(do_stat(1, "/tmp/r/a/b/../../g", 0, &after), 0);
	assert_int_equal(
		do_rename(1, "/tmp/r/a", "/dev/null/x", 0), ERR_NOTDIR);
	assert_int_equal(do_unlink(1, "/tmp/r/a/b/x", 0), 0);
	assert_int_equal(do_unlink(1, "/tmp/r/a/b", 512), 0);
	assert_int_equal(do_unlink(1, "/tmp/r/a", 512), 0);
	assert_int_equal(do_unlink(1, "/tmp/r", 512), ERR_NOTEMPTY);
	assert_int_equal(do_unlink(1, "/tmp/r/g", 0), 0);
	assert_int_equal(do_unlink(1, "/tmp/r/h", 0), 0);
	assert_int_equal(do_unlink(1, "/tmp/r", 512), 0);
}

/* One entry of what getdents gives. */
struct dirent {
	uint64_t inode;
	int64_t next;
	uint16_t length;
	uint8_t type;
	char name[];
};

/* Read the whole folder; how many entries, and how often each was met. */
static unsigned
folder_read(const char *path, unsigned *met, unsigned limit)
{
	static _Alignas(8) char buffer[4096];
	struct request request = {
		.badge = client(1), .tag = 1, .label = GOPHER_GETDENTS};
	int64_t fd = do_open(1, path, OPEN_FOLDER, 0);
	unsigned count = 0, number;
	size_t at;

	assert_true(fd >= 0);
	for (;;) {
		request.words[0] = (uint64_t)fd;
		request.words[1] = sizeof(buffer);
		request.word_count = 2;
		request.lease[0] = buffer;
		request.lease_length[0] = sizeof(buffer);
		request.lease_count = 1;
		assert_true(request_send(&request));
		assert_int_equal(request.status, 0);
		if (request.out[0] == 0)
			break;
		for (at = 0; at < request.out[0]; count++) {
			struct dirent *entry = (void *)(buffer + at);

			at += entry->length;
			if (sscanf(entry->name, "f%u", &number) == 1) {
				assert_in_range(number, 0, limit - 1);
				met[number]++;
			}
		}
	}
	assert_int_equal(do_close(1, fd), 0);
	return count;
}

static void
ten_thousand_names(void **state)
{
	enum { COUNT = 10000 };
	static unsigned met[COUNT];
	char path[32];
	unsigned i;

	(void)state;
	world_start();
	assert_int_equal(do_make(1, "/tmp/big", MODE_FOLDER | 0755), 0);
	for (i = 0; i < COUNT; i++) {
		snprintf(path, sizeof(path), "/tmp/big/f%u", i);
		touch(path);
	}
	assert_int_equal(folder_read("/tmp/big", met, COUNT), COUNT + 2);
	for (i = 0; i < COUNT; i++) {
		assert_int_equal(met[i], 1);
		snprintf(path, sizeof(path), "/tmp/big/f%u", i);
		assert_int_equal(do_unlink(1, path, 0), 0);
	}
	assert_int_equal(do_unlink(1, "/tmp/big", 512), 0);
}

/*
 * The model: FILES names in two folders, each empty or with a file; files
 * have bytes and a number of names.
 */
enum { NAMES = 12, BODIES = 64, LIMIT = 30000, STEPS = 30000 };

struct body {
	int names;
	int size;
	char bytes[LIMIT];
};

static struct body bodies[BODIES];
static int names[NAMES]; /* index of a body, or -1 */
static uint64_t seed;

static unsigned
pick(unsigned below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % below;
}

static const char *
path_of(int name)
{
	static char path[4][32];
	static int turn;

	turn = (turn + 1) % 4;
	snprintf(path[turn], sizeof(path[0]), "/tmp/%c/n%d",
		name & 1 ? 'p' : 'q', name);
	return path[turn];
}

static int
body_new(void)
{
	int i;

	for (i = 0; i < BODIES; i++) {
		if (bodies[i].names == 0) {
			bodies[i].size = 0;
			memset(bodies[i].bytes, 0, LIMIT);
			return i;
		}
	}
	return -1;
}

static void
model_write(int name)
{
	static char out[LIMIT];
	unsigned offset = pick(LIMIT - 1), count = 1 + pick(9000), i;
	int64_t fd;
	int body;

	if (offset + count > LIMIT)
		count = LIMIT - offset;
	for (i = 0; i < count; i++)
		out[i] = (char)pick(256);
	fd = do_open(1, path_of(name), OPEN_CREATE | OPEN_WRITE, 0600);
	assert_true(fd >= 0);
	assert_int_equal(do_pwrite(1, fd, out, count, offset), count);
	assert_int_equal(do_close(1, fd), 0);
	if (names[name] < 0) {
		names[name] = body_new();
		bodies[names[name]].names = 1;
	}
	body = names[name];
	memcpy(bodies[body].bytes + offset, out, count);
	if (bodies[body].size < (int)(offset + count))
		bodies[body].size = (int)(offset + count);
}

static void
model_read(int name)
{
	static char in[LIMIT + 10];
	struct file_stat stat;
	int64_t fd = do_open(1, path_of(name), OPEN_READ, 0);
	struct body *body;

	if (names[name] < 0) {
		assert_int_equal(fd, ERR_NOENT);
		return;
	}
	body = &bodies[names[name]];
	assert_true(fd >= 0);
	assert_int_equal(do_fstat(1, fd, &stat), 0);
	assert_int_equal(stat.size, body->size);
	assert_int_equal(stat.links, body->names);
	assert_int_equal(do_read(1, fd, in, sizeof(in)), body->size);
	assert_memory_equal(in, body->bytes, (size_t)body->size);
	assert_int_equal(do_close(1, fd), 0);
}

static void
model_truncate(int name)
{
	int size = (int)pick(LIMIT);
	int64_t status = do_truncate(1, path_of(name), (uint64_t)size);
	struct body *body;

	if (names[name] < 0) {
		assert_int_equal(status, ERR_NOENT);
		return;
	}
	assert_int_equal(status, 0);
	body = &bodies[names[name]];
	if (size < body->size)
		memset(body->bytes + size, 0, (size_t)(body->size - size));
	body->size = size;
}

static void
model_unlink(int name)
{
	int64_t status = do_unlink(1, path_of(name), 0);

	assert_int_equal(status, names[name] < 0 ? ERR_NOENT : 0);
	if (names[name] < 0)
		return;
	bodies[names[name]].names--;
	names[name] = -1;
}

static void
model_link(int from, int to)
{
	int64_t status = do_link(1, path_of(from), path_of(to));

	if (names[from] < 0) {
		assert_int_equal(status, ERR_NOENT);
	} else if (names[to] >= 0) {
		assert_int_equal(status, ERR_EXIST);
	} else {
		assert_int_equal(status, 0);
		names[to] = names[from];
		bodies[names[to]].names++;
	}
}

static void
model_rename(int from, int to)
{
	int64_t status = do_rename(1, path_of(from), path_of(to), 0);

	if (names[from] < 0) {
		assert_int_equal(status, ERR_NOENT);
		return;
	}
	assert_int_equal(status, 0);
	if (names[from] == names[to])
		return;
	if (names[to] >= 0)
		bodies[names[to]].names--;
	names[to] = names[from];
	names[from] = -1;
}

/* A file that is mapped must go on as if it were not. */
static void
model_object(int name)
{
	int64_t fd = do_open(1, path_of(name), OPEN_READ, 0);

	if (fd < 0)
		return;
	assert_true(do_simple(1, GOPHER_OBJECT, 2, (uint64_t)fd, 1, 0) >= 0);
	assert_int_equal(do_close(1, fd), 0);
}

static void
random_operations(void **state)
{
	const char *given = getenv("GLENDA_SEED");
	int i, name;

	(void)state;
	world_start();
	seed = given ? strtoull(given, NULL, 10) : 20250101;
	print_message("GLENDA_SEED=%llu\n", (unsigned long long)seed);
	assert_int_equal(do_make(1, "/tmp/p", MODE_FOLDER | 0755), 0);
	assert_int_equal(do_make(1, "/tmp/q", MODE_FOLDER | 0755), 0);
	for (i = 0; i < NAMES; i++)
		names[i] = -1;
	for (i = 0; i < STEPS; i++) {
		name = (int)pick(NAMES);
		switch (pick(8)) {
		case 0:
		case 1:
			model_write(name);
			break;
		case 2:
			model_truncate(name);
			break;
		case 3:
			model_unlink(name);
			break;
		case 4:
			model_link(name, (int)pick(NAMES));
			break;
		case 5:
			model_rename(name, (int)pick(NAMES));
			break;
		case 6:
			if (pick(8) == 0)
				model_object(name);
			break;
		default:
			model_read(name);
		}
	}
	for (i = 0; i < NAMES; i++) {
		model_read(i);
		model_unlink(i);
	}
	assert_int_equal(do_unlink(1, "/tmp/p", 512), 0);
	assert_int_equal(do_unlink(1, "/tmp/q", 512), 0);
	assert_int_equal(world_pages(), 0);
}

int
tmpfs_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holes_and_sizes),
		cmocka_unit_test(unlinked_while_open),
		cmocka_unit_test(append_goes_to_the_end),
		cmocka_unit_test(rename_rules),
		cmocka_unit_test(ten_thousand_names),
		cmocka_unit_test(random_operations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
