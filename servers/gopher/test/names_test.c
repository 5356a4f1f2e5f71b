/* SPDX-License-Identifier: MIT */
/* Walking paths, and the errors that Linux gives on the way. */
#include "test.h"

static void
start(void)
{
	world_start();
	(void)do_make(1, "/w", MODE_FOLDER | 0755);
	(void)do_make(1, "/w/folder", MODE_FOLDER | 0755);
	(void)do_close(
		1, do_open(1, "/w/file", OPEN_CREATE | OPEN_WRITE, 0644));
	(void)do_symlink(1, "file", "/w/link");
	(void)do_symlink(1, "/w/folder", "/w/there");
}

static int64_t
look(const char *path)
{
	struct file_stat stat;

	return do_stat(1, path, 0, &stat);
}

static void
dots_and_slashes(void **state)
{
	struct file_stat root, up;

	(void)state;
	start();
	assert_int_equal(do_stat(1, "/", 0, &root), 0);
	assert_int_equal(do_stat(1, "/../..", 0, &up), 0);
	assert_int_equal(root.inode, up.inode);
	assert_int_equal(do_stat(1, "//w//./folder/..//..", 0, &up), 0);
	assert_int_equal(root.inode, up.inode);
	assert_int_equal(look("/w/folder/"), 0);
	assert_int_equal(look("/w/file/"), ERR_NOTDIR);
	assert_int_equal(look("/w/file/."), ERR_NOTDIR);
	assert_int_equal(look("/w/file/.."), ERR_NOTDIR);
	assert_int_equal(look("/w/none/.."), ERR_NOENT);
	assert_int_equal(look(""), ERR_NOENT);
}

static void
links_are_followed(void **state)
{
	struct file_stat file, link;
	char text[64];

	(void)state;
	start();
	assert_int_equal(do_stat(1, "/w/link", 0, &file), 0);
	assert_int_equal(file.mode & MODE_TYPE, MODE_FILE);
	assert_int_equal(do_stat(1, "/w/link", 0x100, &link), 0);
	assert_int_equal(link.mode & MODE_TYPE, MODE_LINK);
	assert_int_equal(link.size, 4);
	assert_int_equal(do_readlink(1, "/w/link", text, sizeof(text)), 4);
	assert_memory_equal(text, "file", 4);
	assert_int_equal(do_readlink(1, "/w/file", text, 64), ERR_INVAL);
	assert_int_equal(do_stat(1, "/w/there/../link", 0, &link), 0);
	assert_int_equal(link.inode, file.inode);
	/* A slash behind it follows even where links are wanted. */
	assert_int_equal(do_stat(1, "/w/there/", 0x100, &link), 0);
	assert_int_equal(link.mode & MODE_TYPE, MODE_FOLDER);
	assert_int_equal(look("/w/link/"), ERR_NOTDIR);
}

static void
loops_end(void **state)
{
	char path[32], target[32];
	int i;

	(void)state;
	start();
	assert_int_equal(do_symlink(1, "self", "/w/self"), 0);
	assert_int_equal(look("/w/self"), ERR_LOOP);
	assert_int_equal(
		do_open(1, "/w/self", OPEN_CREATE | OPEN_WRITE, 0), ERR_LOOP);
	for (i = 0; i < 41; i++) {
		snprintf(path, sizeof(path), "/w/chain%d", i);
		snprintf(target, sizeof(target), "chain%d", i + 1);
		if (i == 40)
			strcpy(target, "file");
		assert_int_equal(do_symlink(1, target, path), 0);
	}
	assert_int_equal(look("/w/chain1"), 0);	       /* 40 links */
	assert_int_equal(look("/w/chain0"), ERR_LOOP); /* 41 */
	for (i = 0; i < 41; i++) {
		snprintf(path, sizeof(path), "/w/chain%d", i);
		assert_int_equal(do_unlink(1, path, 0), 0);
	}
	assert_int_equal(do_unlink(1, "/w/self", 0), 0);
}

static void
names_too_long(void **state)
{
	char path[5000];

	(void)state;
	start();
	memset(path, 'a', sizeof(path));
	memcpy(path, "/w/", 3);
	path[3 + 255] = '\0';
	assert_int_equal(look(path), ERR_NOENT);
	path[3 + 255] = 'a';
	path[3 + 256] = '\0';
	assert_int_equal(look(path), ERR_NAMETOOLONG);
	path[3 + 256] = 'a';
	path[4097] = '\0';
	assert_int_equal(look(path), ERR_NAMETOOLONG);
}

static void
creation_errors(void **state)
{
	(void)state;
	start();
	assert_int_equal(
		do_open(1, "/w/new/", OPEN_CREATE | OPEN_WRITE, 0), ERR_ISDIR);
	assert_int_equal(do_open(1, "/w/folder", OPEN_CREATE, 0), ERR_ISDIR);
	assert_int_equal(do_open(1, "/w/folder", OPEN_WRITE, 0), ERR_ISDIR);
	assert_int_equal(do_open(1, "/w/file", OPEN_FOLDER, 0), ERR_NOTDIR);
	assert_int_equal(do_open(1, "/w/link", OPEN_NOFOLLOW, 0), ERR_LOOP);
	assert_int_equal(do_open(1, "/w/file", OPEN_CREATE | OPEN_EXCLUSIVE, 0),
		ERR_EXIST);
	assert_int_equal(do_open(1, "/w/link", OPEN_CREATE | OPEN_EXCLUSIVE, 0),
		ERR_EXIST);
	assert_int_equal(do_make(1, "/w/folder", MODE_FOLDER), ERR_EXIST);
	assert_int_equal(do_make(1, "/w/file/x", MODE_FOLDER), ERR_NOTDIR);
	assert_int_equal(do_make(1, "/w/none/x", MODE_FOLDER), ERR_NOENT);
	assert_int_equal(do_make(1, "/w/fresh/", MODE_FOLDER | 0700), 0);
	assert_int_equal(do_unlink(1, "/w/fresh", 0), ERR_ISDIR);
	assert_int_equal(do_unlink(1, "/w/file", 512), ERR_NOTDIR);
	assert_int_equal(do_unlink(1, "/w/fresh/", 512), 0);
	assert_int_equal(do_make(1, "/w/device", MODE_CHARACTER), ERR_PERM);
}

static void
dangling_link_creates(void **state)
{
	int64_t fd;

	(void)state;
	start();
	assert_int_equal(do_symlink(1, "target", "/w/dangle"), 0);
	assert_int_equal(look("/w/dangle"), ERR_NOENT);
	fd = do_open(1, "/w/dangle", OPEN_CREATE | OPEN_WRITE, 0600);
	assert_true(fd >= 0);
	assert_int_equal(do_close(1, fd), 0);
	assert_int_equal(look("/w/target"), 0);
	assert_int_equal(do_unlink(1, "/w/dangle", 0), 0);
	assert_int_equal(do_unlink(1, "/w/target", 0), 0);
}

static void
working_folder(void **state)
{
	char path[64];
	int64_t fd;

	(void)state;
	start();
	assert_int_equal(do_chdir(1, "/w/there"), 0);
	assert_int_equal(do_getcwd(1, path, sizeof(path)), 10);
	assert_string_equal(path, "/w/folder");
	assert_int_equal(do_getcwd(1, path, 9), ERR_RANGE);
	assert_int_equal(look("../file"), 0);
	assert_int_equal(do_chdir(1, "/w/file"), ERR_NOTDIR);
	fd = do_open(1, "/w", OPEN_FOLDER, 0);
	assert_true(fd >= 0);
	assert_true(do_openat(1, (int)fd, "file", 0) >= 0);
	assert_int_equal(do_openat(1, 77, "file", 0), ERR_BADF);
	assert_int_equal(do_openat(1, (int)fd + 1, "file", 0), ERR_NOTDIR);
	assert_int_equal(do_close(1, fd + 1), 0);
	assert_int_equal(do_close(1, fd), 0);
	/* It may be removed while somebody is in it. */
	assert_int_equal(do_make(1, "/w/gone", MODE_FOLDER | 0755), 0);
	assert_int_equal(do_chdir(1, "/w/gone"), 0);
	assert_int_equal(do_unlink(1, "/w/gone", 512), 0);
	assert_int_equal(do_make(1, "x", MODE_FOLDER), ERR_NOENT);
	assert_int_equal(do_chdir(1, "/"), 0);
}

static void
permissions(void **state)
{
	struct file_stat stat;

	(void)state;
	start();
	client_tags(40, 1, 40, 40, 1000);
	assert_int_equal(do_simple(40, GOPHER_ATTACH, 0, 0, 0, 0), 0);
	assert_int_equal(do_open(40, "/w/file", OPEN_WRITE, 0), ERR_ACCES);
	assert_true(do_open(40, "/w/file", OPEN_READ, 0) == 0);
	assert_int_equal(do_make(40, "/w/no", MODE_FOLDER), ERR_ACCES);
	assert_int_equal(do_unlink(40, "/w/file", 0), ERR_ACCES);
	assert_int_equal(do_make(1, "/w/shut", MODE_FOLDER | 0700), 0);
	assert_int_equal(do_stat(40, "/w/shut/x", 0, &stat), ERR_ACCES);
	assert_int_equal(
		do_open(40, "/tmp/mine", OPEN_CREATE | OPEN_WRITE, 0666), 1);
	assert_int_equal(do_stat(1, "/tmp/mine", 0, &stat), 0);
	assert_int_equal(stat.uid, 1000);
	assert_int_equal(stat.mode & 0777, 0644); /* umask 022 */
	/* Sticky: others' names stay. */
	client_tags(41, 1, 41, 41, 1001);
	assert_int_equal(do_simple(41, GOPHER_ATTACH, 0, 0, 0, 0), 0);
	assert_int_equal(do_unlink(41, "/tmp/mine", 0), ERR_PERM);
	assert_int_equal(do_unlink(40, "/tmp/mine", 0), 0);
	assert_int_equal(do_unlink(1, "/w/shut", 512), 0);
}

int
names_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dots_and_slashes),
		cmocka_unit_test(links_are_followed),
		cmocka_unit_test(loops_end),
		cmocka_unit_test(names_too_long),
		cmocka_unit_test(creation_errors),
		cmocka_unit_test(dangling_link_creates),
		cmocka_unit_test(working_folder),
		cmocka_unit_test(permissions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
