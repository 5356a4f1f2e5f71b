/* SPDX-License-Identifier: MIT */
/*
 * The rules of POSIX that Tux applies, case by case as the man-pages have them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "identity.h"
#include "rules.h"

static void
setpgid_rules(void **state)
{
	const struct subject shell = {10, 1, 10, 10, 1};
	const struct subject leader = {20, 10, 20, 20, 1};
	struct subject self = {11, 10, 10, 10, 1};
	struct subject child = {12, 11, 10, 10, 1};

	(void)state;
	assert_int_equal(rule_setpgid(&self, &self, 11, false), 0);
	assert_int_equal(rule_setpgid(&self, &child, 12, false), 0);
	assert_int_equal(rule_setpgid(&self, &child, 11, true), 0);
	assert_int_equal(rule_setpgid(&self, &child, 99, false), TUX_EPERM);
	assert_int_equal(rule_setpgid(&self, &shell, 10, true), TUX_ESRCH);
	assert_int_equal(rule_setpgid(&shell, &shell, 10, true), TUX_EPERM);
	assert_int_equal(rule_setpgid(&leader, &leader, 20, true), TUX_EPERM);
	child.execs = 2;
	assert_int_equal(rule_setpgid(&self, &child, 12, false), TUX_EACCES);
	child.execs = 1;
	child.session = 12;
	assert_int_equal(rule_setpgid(&self, &child, 12, false), TUX_EPERM);
	self.group = 0;
	assert_int_equal(rule_setpgid(&self, &self, 11, true), TUX_ESRCH);
}

static void
setsid_rules(void **state)
{
	const struct subject leader = {10, 1, 10, 5, 0};
	const struct subject member = {11, 1, 10, 5, 0};

	(void)state;
	assert_int_equal(rule_setsid(&leader), TUX_EPERM);
	assert_int_equal(rule_setsid(&member), 0);
}

static void
kill_rules(void **state)
{
	const struct ids root = {0, 0, 0}, alice = {7, 7, 7}, bob = {8, 8, 8};
	const struct ids was_alice = {8, 8, 7};

	(void)state;
	assert_int_equal(rule_kill(&root, &alice, false, false), 0);
	assert_int_equal(rule_kill(&alice, &alice, false, false), 0);
	assert_int_equal(rule_kill(&alice, &root, false, true), TUX_EPERM);
	assert_int_equal(rule_kill(&alice, &bob, true, true), 0);
	assert_int_equal(rule_kill(&alice, &bob, true, false), TUX_EPERM);
	assert_int_equal(rule_kill(&alice, &was_alice, false, false), 0);
}

static void
id_rules(void **state)
{
	struct ids ids = {0, 0, 0};
	const struct ids wanted = {ID_KEEP, 0, ID_KEEP};

	(void)state;
	assert_int_equal(rule_setre(&ids, ID_KEEP, 7, true), 0);
	assert_int_equal(ids.real, 0);
	assert_int_equal(ids.effective, 7);
	assert_int_equal(ids.saved, 7);
	assert_int_equal(rule_set(&ids, 0, false), 0);
	assert_int_equal(ids.effective, 0);
	assert_int_equal(rule_set(&ids, 7, true), 0);
	assert_int_equal(ids.real, 7);
	assert_int_equal(ids.saved, 7);
	assert_int_equal(rule_set(&ids, 0, false), TUX_EPERM);
	assert_int_equal(rule_set(&ids, ID_KEEP, true), TUX_EINVAL);
	assert_int_equal(rule_setres(&ids, &wanted, false), TUX_EPERM);
	assert_int_equal(ids.effective, 7);
	ids.saved = 0;
	assert_int_equal(rule_setres(&ids, &wanted, false), 0);
	assert_int_equal(ids.effective, 0);
	assert_int_equal(ids.real, 7);
}

static void
identities_follow_the_tag(void **state)
{
	struct identity *parent, *child;
	uint64_t tag = UINT64_C(7) << 32 | 9;

	(void)state;
	parent = identity_make(0x10005, tag, NULL);
	assert_non_null(parent);
	assert_true(identity_tag(parent) == tag);
	parent->user.saved = 0;
	parent->groups[0] = 44;
	parent->group_count = 1;
	child = identity_make(0x20006, tag, parent);
	assert_int_equal(child->user.saved, 0);
	assert_int_equal(child->groups[0], 44);
	assert_ptr_equal(identity_find(0x20006), child);
	identity_drop(0x20006);
	assert_null(identity_find(0x20006));
	child = identity_make(0x20006, 1, parent);
	assert_int_equal(child->group.real, 1);
	assert_int_equal(child->group_count, 0);
	identity_drop(0x20006);
	identity_drop(0x10005);
	identity_drop(0x10005);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(setpgid_rules),
		cmocka_unit_test(setsid_rules),
		cmocka_unit_test(kill_rules),
		cmocka_unit_test(id_rules),
		cmocka_unit_test(identities_follow_the_tag),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
