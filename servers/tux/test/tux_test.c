/* SPDX-License-Identifier: MIT */
/*
 * Tux's rules against a small world of processes: fork, sessions, groups,
 * identities and who may signal whom, as man-pages section 2 says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "system.h"
#include "tux.h"

#define WORLD 32

struct inhabitant {
	struct system_process p;
	bool there;
	uint32_t last_signal;
	uint64_t last_info;
	uint32_t priority;
	uint32_t group_count;
	uint64_t words[SYSTEM_WORDS];
};

static struct inhabitant world[WORLD];
static uint64_t serial;

status_t
system_look(uint32_t pid, struct system_process *out)
{
	if (pid == 0 || pid >= WORLD || !world[pid].there)
		return STATUS_NOT_FOUND;
	*out = world[pid].p;
	return STATUS_OK;
}

status_t
system_each(bool (*each)(void *, const struct system_process *), void *context)
{
	for (uint32_t i = 0; i < WORLD; i++) {
		struct system_process copy = world[i].p;

		if (world[i].there && !each(context, &copy))
			break;
	}
	return STATUS_OK;
}

status_t
system_thread(uint32_t tid, uint32_t *pid)
{
	/* Threads 1000 + pid. */
	*pid = tid >= 1000 ? tid - 1000 : tid;
	return *pid < WORLD && world[*pid].there ? STATUS_OK : STATUS_NOT_FOUND;
}

status_t
system_set_group(uint32_t pid, uint32_t group)
{
	world[pid].p.group = group;
	return STATUS_OK;
}

status_t
system_set_session(uint32_t pid, uint32_t session)
{
	world[pid].p.session = session;
	return STATUS_OK;
}

status_t
system_set_identity(uint32_t pid, uint64_t puid, uint64_t credentials,
	const uint64_t words[SYSTEM_WORDS])
{
	assert_int_equal(puid, world[pid].p.puid);
	world[pid].p.credentials = credentials;
	memcpy(world[pid].words, words, sizeof(world[pid].words));
	return STATUS_OK;
}

status_t
system_get_words(uint32_t pid, uint64_t words[SYSTEM_WORDS])
{
	memcpy(words, world[pid].words, sizeof(world[pid].words));
	return STATUS_OK;
}

status_t
system_set_groups(uint64_t puid, const uint32_t *ids, uint32_t count)
{
	(void)ids;
	world[puid & 0xffff].group_count = count;
	return STATUS_OK;
}

status_t
system_get_groups(uint64_t puid, uint32_t *ids, uint32_t room, uint32_t *count)
{
	(void)ids;
	(void)room;
	*count = world[puid & 0xffff].group_count;
	return STATUS_OK;
}

status_t
system_post(uint32_t pid, const struct system_signal *signal)
{
	if (pid >= WORLD || !world[pid].there)
		return STATUS_NOT_FOUND;
	world[pid].last_signal = signal->number;
	world[pid].last_info = signal->info;
	return STATUS_OK;
}

status_t
system_post_thread(uint32_t tid, const struct system_signal *signal)
{
	return system_post(tid >= 1000 ? tid - 1000 : tid, signal);
}

status_t
system_post_group(uint32_t group, const struct system_signal *signal)
{
	unsigned count = 0;

	for (uint32_t i = 0; i < WORLD; i++) {
		if (!world[i].there || world[i].p.group != group)
			continue;
		system_post(i, signal);
		count++;
	}
	return count ? STATUS_OK : STATUS_NOT_FOUND;
}

status_t
system_schedule(uint32_t pid, uint32_t policy, uint32_t priority)
{
	(void)policy;
	world[pid].priority = priority;
	return STATUS_OK;
}

static uint64_t
born(uint32_t pid, uint32_t parent)
{
	struct inhabitant *one = &world[pid];

	memset(one, 0, sizeof(*one));
	if (world[parent].there) {
		one->p = world[parent].p;
		memcpy(one->words, world[parent].words, sizeof(one->words));
	}
	one->p.pid = pid;
	one->p.parent = parent;
	one->p.puid = ++serial << 16 | pid;
	one->there = true;
	return one->p.puid;
}

static void
dead(uint32_t pid)
{
	world[pid].there = false;
	process_forget(world[pid].p.puid);
}

static struct process *
first(uint32_t uid)
{
	struct process *process = process_caller(born(3, 1));

	assert_non_null(process);
	assert_int_equal(group_attach(process, uid, uid), STATUS_OK);
	return process;
}

static int
empty_world(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < WORLD; i++)
		process_forget(world[i].p.puid);
	memset(world, 0, sizeof(world));
	assert_int_equal(process_count(), 0);
	return 0;
}

static void
test_attach(void **state)
{
	struct process *shell = first(0);
	struct process *child;

	(void)state;
	assert_int_equal(world[3].p.session, 3);
	assert_int_equal(world[3].p.group, 3);
	assert_int_equal(group_attach(shell, 0, 0), STATUS_EXISTS);
	child = process_caller(born(4, 3));
	assert_int_equal(child->session, 3);
	assert_int_equal(group_attach(child, 0, 0), STATUS_EXISTS);
	/* Started by a Linux process as a native one: not a first process. */
	born(5, 3);
	world[5].p.session = 0;
	assert_int_equal(group_attach(process_look(5), 0, 0), STATUS_FORBIDDEN);
	/* A badge of somebody else's life. */
	assert_null(process_caller(UINT64_C(77) << 16 | 4));
}

static void
test_identity_rules(void **state)
{
	struct identity id = {1, 2, 3, 2};
	const struct identity to3 = {3, LEAVE, LEAVE, LEAVE};
	const struct identity to9 = {9, LEAVE, LEAVE, LEAVE};
	const struct identity swap = {2, 1, LEAVE, LEAVE};
	const struct identity three = {3, 1, 2, LEAVE};
	const struct identity bad = {1, 1, 9, LEAVE};

	(void)state;
	assert_int_equal(
		identity_change(&id, CHANGE_ONE, &to9, false), ERR_PERM);
	assert_int_equal(identity_change(&id, CHANGE_ONE, &to3, false), 0);
	assert_int_equal(id.real, 1);
	assert_int_equal(id.effective, 3);
	assert_int_equal(id.file, 3);
	id = (struct identity){1, 2, 3, 2};
	assert_int_equal(identity_change(&id, CHANGE_TWO, &swap, false), 0);
	assert_int_equal(id.real, 2);
	assert_int_equal(id.effective, 1);
	assert_int_equal(id.saved, 1);
	id = (struct identity){1, 2, 3, 2};
	assert_int_equal(
		identity_change(&id, CHANGE_THREE, &bad, false), ERR_PERM);
	assert_int_equal(id.saved, 3);
	assert_int_equal(identity_change(&id, CHANGE_THREE, &three, false), 0);
	assert_int_equal(id.saved, 2);
	assert_int_equal(identity_change(&id, CHANGE_FILE, &to9, false), 0);
	assert_int_equal(id.file, 1);
	assert_int_equal(identity_change(&id, CHANGE_ONE, &to9, true), 0);
	assert_int_equal(id.real, 9);
	assert_int_equal(id.saved, 9);
	id.real = LEAVE;
	assert_int_equal(
		identity_change(&id, CHANGE_ONE, &id, true), ERR_INVAL);
}

static void
test_fork_inherits(void **state)
{
	struct process *shell = first(0);
	const uint32_t ids[] = {5, 6}, bad[] = {5, LEAVE};
	struct process *child;
	uint32_t count;

	(void)state;
	child = process_caller(born(4, 3));
	assert_int_equal(child->user.real, 0);
	/* Groups go to Gopher; who is not root may only ask. */
	assert_int_equal(groups_set(child, ids, 2), STATUS_OK);
	assert_int_equal(world[4].group_count, 2);
	assert_int_equal(groups_set(child, bad, 2), ERR_INVAL);
	assert_int_equal(groups_set(child, ids, GROUPS_MAX + 1), ERR_INVAL);
	assert_int_equal(world[4].group_count, 2);
	assert_int_equal(groups_get(child, NULL, 0, &count), STATUS_OK);
	assert_int_equal(count, 2);
	assert_int_equal(groups_set(child, NULL, 0), STATUS_OK);
	assert_int_equal(world[4].group_count, 0);
	/* Learned after the parent became another: the tag counts. */
	born(5, 3);
	assert_int_equal(identity_change(&shell->user, CHANGE_ONE,
				 &(struct identity){7, 0, 0, 0}, true),
		0);
	assert_int_equal(process_publish(shell), 0);
	assert_int_equal(process_look(5)->user.real, 0);
	/* A sibling by its maker's wish, or an orphan: who made it counts. */
	assert_int_equal(identity_change(&child->user, CHANGE_THREE,
				 &(struct identity){8, 9, 10, 0}, true),
		0);
	assert_int_equal(process_publish(child), 0);
	born(6, 4);
	world[6].p.parent = 3;
	assert_int_equal(process_look(6)->user.real, 8);
	assert_int_equal(process_look(6)->user.effective, 9);
	assert_int_equal(process_look(6)->user.saved, 10);
	assert_int_equal(process_look(6)->user.file, 9);
	assert_int_equal(groups_set(shell, ids, 1), ERR_PERM);
	dead(4);
	assert_null(process_look(4));
}

static void
test_setpgid(void **state)
{
	struct process *shell = first(0);
	int32_t group;

	(void)state;
	born(4, 3);
	born(5, 3);
	assert_int_equal(group_set(shell, 0, 0), ERR_PERM);
	assert_int_equal(group_set(shell, 4, -1), ERR_INVAL);
	assert_int_equal(group_set(shell, 4, 9), ERR_PERM);
	assert_int_equal(group_set(shell, 4, 4), STATUS_OK);
	assert_int_equal(group_set(shell, 5, 4), STATUS_OK);
	assert_int_equal(world[5].p.group, 4);
	assert_int_equal(group_get(shell, 5, &group), STATUS_OK);
	assert_int_equal(group, 4);
	assert_int_equal(group_set(shell, 20, 4), ERR_SRCH);
	/* The leader is gone, the group is not. */
	born(6, 3);
	dead(4);
	assert_int_equal(group_set(shell, 6, 4), STATUS_OK);
	world[6].p.execs++;
	assert_int_equal(group_set(shell, 6, 6), ERR_ACCES);
	assert_int_equal(group_set(process_look(6), 3, 6), ERR_SRCH);
}

static void
test_setsid(void **state)
{
	struct process *shell = first(0);
	struct process *child;
	int32_t session;

	(void)state;
	assert_int_equal(session_make(shell, &session), ERR_PERM);
	child = process_caller(born(4, 3));
	assert_int_equal(session_make(child, &session), STATUS_OK);
	assert_int_equal(session, 4);
	assert_int_equal(world[4].p.group, 4);
	assert_int_equal(group_set(shell, 4, 3), ERR_PERM);
	assert_int_equal(session_get(shell, 4, &session), STATUS_OK);
	assert_int_equal(session, 4);
	assert_int_equal(session_get(shell, 25, &session), ERR_SRCH);
}

static void
become(struct process *process, uint32_t uid)
{
	process->user = (struct identity){uid, uid, uid, uid};
	process_publish(process);
}

static void
test_kill(void **state)
{
	const struct message_signal term = {15, 0, 0};
	const struct message_signal cont = {SIGNAL_CONT, 0, 0};
	const struct message_signal forged = {15, 0x80, 0};
	const struct message_signal none = {0, 0, 0};
	const struct message_signal big = {65, 0, 0};
	struct process *shell = first(0);
	struct process *user, *other;

	(void)state;
	born(2, 1);
	user = process_caller(born(4, 3));
	other = process_caller(born(5, 3));
	become(user, 1000);
	become(other, 1001);
	assert_int_equal(post_kill(shell, 4, &big), ERR_INVAL);
	assert_int_equal(post_kill(shell, 4, &term), STATUS_OK);
	assert_int_equal(world[4].last_signal, 15);
	assert_int_equal(world[4].last_info >> 32, 3);
	assert_int_equal(post_kill(user, 5, &term), ERR_PERM);
	assert_int_equal(post_kill(user, 5, &none), ERR_PERM);
	assert_int_equal(post_kill(user, 5, &cont), STATUS_OK);
	assert_int_equal(post_kill(user, 25, &term), ERR_SRCH);
	assert_int_equal(post_kill(shell, 4, &forged), ERR_PERM);
	assert_int_equal(post_kill(user, 4, &forged), STATUS_OK);
	/* A service hears nobody. */
	assert_int_equal(post_kill(shell, 2, &term), ERR_PERM);
	assert_int_equal(world[2].last_signal, 0);
}

static void
test_kill_many(void **state)
{
	const struct message_signal usr = {10, 0, 0};
	struct process *shell = first(0);
	struct process *user;

	(void)state;
	born(2, 1);
	user = process_caller(born(4, 3));
	become(user, 1000);
	process_caller(born(5, 4));
	born(6, 3);
	/* All of group 3; the user reaches its own two. */
	assert_int_equal(post_kill(user, 0, &usr), STATUS_OK);
	assert_int_equal(world[4].last_signal, 10);
	assert_int_equal(world[5].last_signal, 10);
	assert_int_equal(world[3].last_signal, 0);
	assert_int_equal(world[6].last_signal, 0);
	assert_int_equal(post_kill(shell, -1, &usr), STATUS_OK);
	assert_int_equal(world[3].last_signal, 0);
	assert_int_equal(world[6].last_signal, 10);
	assert_int_equal(world[2].last_signal, 0);
	assert_int_equal(post_kill(shell, -3, &usr), STATUS_OK);
	assert_int_equal(world[3].last_signal, 10);
	assert_int_equal(post_kill(user, -9, &usr), ERR_SRCH);
	assert_int_equal(post_kill(shell, INT32_MIN, &usr), ERR_SRCH);
}

static void
test_tgkill(void **state)
{
	const struct message_signal usr = {10, (uint32_t)-6, 0};
	struct process *shell = first(0);
	struct process *user = process_caller(born(4, 3));

	(void)state;
	become(user, 1000);
	assert_int_equal(post_thread(shell, 4, 1004, &usr), STATUS_OK);
	assert_int_equal(post_thread(shell, 3, 1004, &usr), ERR_SRCH);
	assert_int_equal(post_thread(user, 3, 1003, &usr), ERR_PERM);
	assert_int_equal(post_thread(user, 0, 0, &usr), ERR_INVAL);
	assert_int_equal(post_kill(shell, 4, &usr), ERR_PERM);
}

static void
test_nice(void **state)
{
	struct process *shell = first(0);
	struct process *user = process_caller(born(4, 3));
	int32_t value;

	(void)state;
	become(user, 1000);
	assert_int_equal(nice_get(shell, NICE_PROCESS, 0, &value), STATUS_OK);
	assert_int_equal(value, 20);
	assert_int_equal(nice_set(user, NICE_PROCESS, 0, 30), STATUS_OK);
	assert_int_equal(world[4].priority, 81);
	assert_int_equal(nice_set(user, NICE_PROCESS, 0, 5), ERR_ACCES);
	assert_int_equal(nice_set(user, NICE_PROCESS, 3, 5), ERR_PERM);
	assert_int_equal(nice_set(shell, NICE_USER, 1000, -40), STATUS_OK);
	assert_int_equal(world[4].priority, 120);
	assert_int_equal(nice_get(shell, NICE_GROUP, 0, &value), STATUS_OK);
	assert_int_equal(value, 40);
	assert_int_equal(nice_get(shell, NICE_PROCESS, 25, &value), ERR_SRCH);
	assert_int_equal(nice_get(shell, 3, 0, &value), ERR_INVAL);
	assert_int_equal(process_look(born(5, 4) & 0xffff)->nice, -20);
}

static void
test_policy(void **state)
{
	struct process *shell = first(0);
	struct process *user = process_caller(born(4, 3));
	uint32_t policy, priority;
	uint64_t mask;

	(void)state;
	become(user, 1000);
	assert_int_equal(policy_set(shell, 0, 1, 0), ERR_INVAL);
	assert_int_equal(policy_set(shell, 0, 0, 1), ERR_INVAL);
	assert_int_equal(policy_set(shell, 0, 4, 0), ERR_INVAL);
	assert_int_equal(policy_set(shell, 4, 1, 99), STATUS_OK);
	assert_int_equal(world[4].priority, 159);
	assert_int_equal(policy_get(user, 0, &policy, &priority), STATUS_OK);
	assert_int_equal(policy, 1);
	assert_int_equal(priority, 99);
	assert_int_equal(policy_set(user, 0, 2, 1), ERR_PERM);
	assert_int_equal(policy_set(user, 25, 0, 0), ERR_SRCH);
	assert_int_equal(affinity(user, 0, true, 2, &mask), ERR_INVAL);
	assert_int_equal(affinity(user, 0, true, 3, &mask), STATUS_OK);
	assert_int_equal(mask, 1);
	assert_int_equal(affinity(user, 3, true, 1, &mask), ERR_PERM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_attach, empty_world),
		cmocka_unit_test_setup(test_identity_rules, empty_world),
		cmocka_unit_test_setup(test_fork_inherits, empty_world),
		cmocka_unit_test_setup(test_setpgid, empty_world),
		cmocka_unit_test_setup(test_setsid, empty_world),
		cmocka_unit_test_setup(test_kill, empty_world),
		cmocka_unit_test_setup(test_kill_many, empty_world),
		cmocka_unit_test_setup(test_tgkill, empty_world),
		cmocka_unit_test_setup(test_nice, empty_world),
		cmocka_unit_test_setup(test_policy, empty_world),
	};

	return cmocka_run_group_tests_name("tux", tests, NULL, NULL);
}
