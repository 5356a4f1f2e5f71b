/* SPDX-License-Identifier: MIT */
/* Quotas: shares of users, and that all that is charged is given back. */
#include "test.h"

#include "../quota.h"
#include "../session.h"

static void
fork_of_user(uint32_t parent, uint32_t child, uint32_t user)
{
	int64_t token = do_simple(parent, GOPHER_SNAPSHOT, 1, 0, 0, 0);

	client_tags(child, parent, child, child, user);
	assert_int_equal(
		do_simple(child, GOPHER_CLAIM, 1, (uint64_t)token, 0, 0), 0);
	session_forget_who(client(child));
	(void)session_who(session_find(client(child)));
}

static void
users_have_shares_of_a_tree(void **state)
{
	struct quota *root = quota_create(), *one, *two;

	(void)state;
	quota_limit(QUOTA_NODES, 100);
	one = quota_of_user(root, 1);
	two = quota_of_user(one, 2);
	assert_ptr_equal(one->tree, root->tree);
	assert_true(quota_take(one, QUOTA_NODES, 75));
	assert_false(quota_take(one, QUOTA_NODES, 1));
	assert_false(quota_take(two, QUOTA_NODES, 26));
	assert_true(quota_take(two, QUOTA_NODES, 20));
	assert_true(quota_take(root, QUOTA_NODES, 5));
	assert_false(quota_take(root, QUOTA_NODES, 1));
	assert_false(quota_take(root, QUOTA_NODES, UINT64_MAX));
	quota_add(root, QUOTA_NODES, 1);
	assert_false(quota_take(two, QUOTA_NODES, 1));
	quota_give(one, QUOTA_NODES, 75);
	assert_true(quota_take(root, QUOTA_NODES, 74));
	assert_true(quota_take(NULL, QUOTA_NODES, 1000));
	/* A user's goes with its last charge, and comes back empty. */
	quota_put(one);
	one = quota_of_user(root, 1);
	assert_int_equal(one->used[QUOTA_NODES], 0);
	quota_put(one);
	quota_put(two);
	quota_put(root);
	quota_limit(QUOTA_NODES, 32768);
}

static void
a_change_of_user_changes_the_quota(void **state)
{
	struct session *session;
	struct quota *tree;

	(void)state;
	world_start();
	tree = session_find(client(1))->quota->tree;
	fork_of_user(1, 20, 500);
	session = session_find(client(20));
	assert_int_equal(session->quota->user, 500);
	assert_ptr_equal(session->quota->tree, tree);
	assert_int_equal(session->quota->used[QUOTA_SESSIONS], 1);
	assert_int_equal(tree->used[QUOTA_SESSIONS], 2);
	session_death(client(20));
	assert_int_equal(tree->used[QUOTA_SESSIONS], 1);
}

/* All kinds of files, grown, shrunk, linked, mapped, and gone. */
static void
files_do(uint32_t pid)
{
	char text[300], bytes[5000] = {1};
	struct request request = {
		.badge = client(pid),
		.label = GOPHER_OBJECT,
		.word_count = 2,
	};
	int64_t fd = do_open(pid, "/tmp/f", OPEN_CREATE | OPEN_BOTH, 0666);

	assert_true(fd >= 0);
	assert_int_equal(
		do_write(pid, fd, bytes, sizeof(bytes)), sizeof(bytes));
	assert_int_equal(do_pwrite(pid, fd, bytes, 10, 5000000), 10);
	assert_int_equal(do_truncate(pid, "/tmp/f", 6000), 0);
	assert_int_equal(do_link(pid, "/tmp/f", "/tmp/g"), 0);
	assert_int_equal(do_make(pid, "/tmp/d", MODE_FOLDER | 0777), 0);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(do_symlink(pid, text, "/tmp/d/l"), 0);
	request.words[0] = (uint64_t)fd;
	request.words[1] = 1;
	assert_true(request_send(&request));
	assert_int_equal(request.status, 0);
	assert_int_equal(do_pwrite(pid, fd, bytes, 10, 100000), 10);
	assert_int_equal(do_truncate(pid, "/tmp/f", 100), 0);
	assert_int_equal(do_unlink(pid, "/tmp/f", 0), 0);
	assert_int_equal(do_unlink(pid, "/tmp/d/l", 0), 0);
	assert_int_equal(do_unlink(pid, "/tmp/d", 512), 0);
	assert_int_equal(do_close(pid, fd), 0);
	assert_int_equal(do_unlink(pid, "/tmp/g", 0), 0);
}

static void
what_is_charged_is_given_back(void **state)
{
	struct quota before;
	struct quota *quota;
	int64_t fds[2];

	(void)state;
	world_start();
	quota = session_find(client(1))->quota;
	before = *quota;
	files_do(1);
	assert_int_equal(do_pipe(1, OPEN_NONBLOCK, fds), 0);
	while (do_write(1, fds[1], &before, sizeof(before)) > 0)
		continue;
	assert_int_equal(
		quota->used[QUOTA_FILES], before.used[QUOTA_FILES] + 2);
	assert_true(quota->used[QUOTA_PIPE_PAGES] >= 15);
	assert_int_equal(do_close(1, fds[0]), 0);
	assert_int_equal(do_close(1, fds[1]), 0);
	assert_memory_equal(quota->used, before.used, sizeof(before.used));
}

static void
a_full_quota_is_told(void **state)
{
	char bytes[4096] = {1};
	struct quota *quota;
	int64_t fd;

	(void)state;
	world_start();
	fork_of_user(1, 21, 500);
	quota = session_find(client(21))->quota;
	fd = do_open(21, "/tmp/full", OPEN_CREATE | OPEN_BOTH, 0666);
	quota_limit(QUOTA_FILE_PAGES, 8);
	quota_limit(QUOTA_NODES, quota->tree->used[QUOTA_NODES] + 1);
	while (do_write(21, fd, bytes, sizeof(bytes)) > 0)
		continue;
	assert_int_equal(do_write(21, fd, bytes, sizeof(bytes)), ERR_NOSPC);
	assert_int_equal(quota->used[QUOTA_FILE_PAGES], 6);
	/* Root has the rest. */
	assert_int_equal(
		do_pwrite(1,
			do_open(1, "/tmp/r", OPEN_CREATE | OPEN_BOTH, 0666),
			bytes, sizeof(bytes), 0),
		4096);
	assert_int_equal(do_open(1, "/tmp/r2", OPEN_CREATE, 0666), ERR_NOSPC);
	quota_limit(QUOTA_FILE_PAGES, UINT64_MAX);
	quota_limit(QUOTA_NODES, 32768);
	session_death(client(21));
	assert_int_equal(do_unlink(1, "/tmp/full", 0), 0);
}

int
quota_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(users_have_shares_of_a_tree),
		cmocka_unit_test(a_change_of_user_changes_the_quota),
		cmocka_unit_test(what_is_charged_is_given_back),
		cmocka_unit_test(a_full_quota_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
