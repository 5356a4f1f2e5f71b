/* SPDX-License-Identifier: MIT */
/* Sessions and descriptors: numbering, sharing, fork, exec, death. */
#include "test.h"

#include "../node.h"
#include "../quota.h"
#include "../session.h"

static uint64_t
snapshot(uint32_t pid, unsigned flags)
{
	int64_t token = do_simple(pid, GOPHER_SNAPSHOT, 1, flags, 0, 0);

	assert_true(token != ERR_AGAIN && token != ERR_NOMEM);
	return (uint64_t)token;
}

static void
fork_as(uint32_t parent, uint32_t child, unsigned flags)
{
	uint64_t token = snapshot(parent, flags);

	client_tags(child, parent, child, child, 0);
	assert_int_equal(do_simple(child, GOPHER_CLAIM, 1, token, 0, 0), 0);
	/* Once only. */
	assert_int_equal(do_simple(child, GOPHER_CLAIM, 1, token, 0, 0),
		STATUS_NOT_FOUND);
}

static int64_t
null_open(uint32_t pid)
{
	return do_open(pid, "/dev/null", OPEN_BOTH, 0);
}

static void
numbers_are_lowest(void **state)
{
	int64_t i;

	(void)state;
	world_start();
	fork_as(1, 10, 0);
	for (i = 0; i < 40; i++)
		assert_int_equal(null_open(10), i);
	assert_int_equal(do_close(10, 7), 0);
	assert_int_equal(do_close(10, 7), ERR_BADF);
	assert_int_equal(do_close(10, 3), 0);
	assert_int_equal(null_open(10), 3);
	assert_int_equal(do_dup(10, 0, 0, 0, 0), 7);
	assert_int_equal(do_dup(10, 0, 0, 100, 0), 100);
	assert_int_equal(do_dup(10, 0, 1, 5, 0), 5);
	assert_int_equal(do_dup(10, 5, 1, 5, 0), 5);
	assert_int_equal(do_dup(10, 0, 1, 1024, 0), ERR_BADF);
	assert_int_equal(do_dup(10, 0, 0, 1024, 0), ERR_INVAL);
	assert_int_equal(do_dup(10, 99, 0, 0, 0), ERR_BADF);
	for (i = 40; i < 1023; i++)
		assert_int_equal(do_dup(10, 0, 0, 0, 0), i < 100 ? i : i + 1);
	assert_int_equal(null_open(10), ERR_MFILE);
	session_death(client(10));
	assert_int_equal(null_open(10), STATUS_NOT_READY);
}

static void
fork_shares_positions(void **state)
{
	char in[4];
	int64_t fd;

	(void)state;
	world_start();
	fd = do_open(1, "/tmp/shared", OPEN_CREATE | OPEN_BOTH, 0600);
	assert_int_equal(do_write(1, fd, "abcdef", 6), 6);
	assert_int_equal(do_seek(1, fd, 0, 0), 0);
	fork_as(1, 11, 0);
	assert_int_equal(do_read(11, fd, in, 2), 2);
	assert_int_equal(do_read(1, fd, in, 2), 2);
	assert_memory_equal(in, "cd", 2);
	/* The tables are two. */
	assert_int_equal(do_close(11, fd), 0);
	assert_int_equal(do_seek(1, fd, 0, 1), 4);
	session_death(client(11));
	assert_int_equal(do_close(1, fd), 0);
	assert_int_equal(do_unlink(1, "/tmp/shared", 0), 0);
}

static void
clone_shares_tables(void **state)
{
	char path[32];
	int64_t fd;

	(void)state;
	world_start();
	fork_as(1, 12, SNAPSHOT_FILES | SNAPSHOT_FOLDERS);
	fd = null_open(12);
	assert_int_equal(do_chdir(12, "/tmp"), 0);
	assert_int_equal(do_getcwd(1, path, sizeof(path)), 5);
	assert_int_equal(do_fcntl(1, fd, FCNTL_GETFD, 0), 0);
	/* exec gives it a table of its own and closes what is marked. */
	assert_int_equal(do_fcntl(12, fd, FCNTL_SETFD, 1), 0);
	assert_int_equal(do_simple(12, GOPHER_EXEC, 1, (uint64_t)fd, 0, 0), 0);
	assert_int_equal(do_fcntl(12, fd, FCNTL_GETFD, 0), ERR_BADF);
	assert_int_equal(do_fcntl(1, fd, FCNTL_GETFD, 0), 1);
	assert_int_equal(do_close(1, fd), 0);
	session_death(client(12));
	assert_int_equal(do_chdir(1, "/"), 0);
}

static void
unclaimed_snapshots_go(void **state)
{
	int64_t fd[2];
	char in[1];

	(void)state;
	world_start();
	assert_int_equal(do_pipe(1, OPEN_NONBLOCK, fd), 0);
	/* The child dies before it ever spoke. */
	(void)snapshot(1, 0);
	assert_int_equal(do_close(1, fd[1]), 0);
	assert_int_equal(do_read(1, fd[0], in, 1), ERR_AGAIN);
	client_tags(13, 1, 13, 13, 0);
	session_death(client(13));
	assert_int_equal(do_read(1, fd[0], in, 1), 0);
	assert_int_equal(do_close(1, fd[0]), 0);
	/* The fork failed: its maker takes it back. */
	assert_int_equal(
		do_simple(1, GOPHER_CLAIM, 1, snapshot(1, 0), 0, 0), 0);
}

static void
old_ids_are_not_new_ones(void **state)
{
	(void)state;
	world_start();
	fork_as(1, 14, 0);
	assert_non_null(session_find(client(14)));
	assert_null(session_find(client(14) + (1ULL << 40)));
	session_death(client(14));
	assert_null(session_find(client(14)));
}

/* What Tux does: it has no session. */
static int
groups_message(uint32_t label, uint32_t pid, void *ids, size_t bytes,
	struct request *request)
{
	*request = (struct request){
		.badge = client(TUX),
		.label = label,
		.words = {client(pid), bytes},
		.word_count = 2,
		.lease = {ids},
		.lease_length = {bytes},
		.lease_count = 1,
	};
	assert_true(request_send(request));
	return request->status;
}

static void
groups_are_checked_and_inherited(void **state)
{
	uint32_t ids[] = {30, 10, 20}, out[4] = {0}, unsound = 7;
	struct file_stat stat;
	struct request request;
	struct node node = {.mode = 0100640, .uid = 1, .gid = 20};
	struct session *session;

	(void)state;
	world_start();
	fork_as(1, 15, 0);
	client_tags(15, 1, 15, 15, 1000);
	session = session_find(client(15));
	session_forget_who(client(15));
	assert_int_equal(session_who(session)->uid, 1000);
	assert_int_equal(
		node_permits(&node, session_who(session), 4), ERR_ACCES);
	assert_int_equal(groups_message(GOPHER_SET_GROUPS, 15, ids, sizeof(ids),
				 &request),
		0);
	assert_int_equal(node_permits(&node, session_who(session), 4), 0);
	assert_int_equal(
		node_permits(&node, session_who(session), 2), ERR_ACCES);
	fork_as(15, 16, 0);
	assert_int_equal(
		groups_message(GOPHER_SET_GROUPS, 15, NULL, 0, &request), 0);
	assert_null(session->who.groups);
	assert_int_equal(groups_message(GOPHER_GET_GROUPS, 16, out, sizeof(out),
				 &request),
		0);
	assert_int_equal(request.out[0], 3);
	assert_int_equal(out[0], 10);
	assert_int_equal(out[2], 30);
	assert_int_equal(out[3], 0);
	/* Part of a number, nobody's session, and who may not. */
	assert_int_equal(
		groups_message(GOPHER_SET_GROUPS, 16, &unsound, 3, &request),
		STATUS_INVALID_ARGUMENT);
	assert_int_equal(groups_message(GOPHER_SET_GROUPS, 17, ids, sizeof(ids),
				 &request),
		STATUS_NOT_FOUND);
	assert_int_equal(do_simple(16, GOPHER_SET_GROUPS, 2, client(16), 0, 0),
		STATUS_FORBIDDEN);
	session_death(client(16));
	assert_int_equal(session->quota->used[QUOTA_GROUPS], 0);
	session_death(client(15));
	assert_int_equal(do_stat(1, "/tmp", 0, &stat), 0);
}

int
session_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_lowest),
		cmocka_unit_test(fork_shares_positions),
		cmocka_unit_test(clone_shares_tables),
		cmocka_unit_test(unclaimed_snapshots_go),
		cmocka_unit_test(old_ids_are_not_new_ones),
		cmocka_unit_test(groups_are_checked_and_inherited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
