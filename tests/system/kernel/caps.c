/* SPDX-License-Identifier: MIT */
/*
 * Capabilities: retype, copy, mint, move, delete, revoke, and what each
 * refuses.
 */
#include "harness.h"

static verdict_t
retype_makes_every_type(void)
{
	static const struct {
		uint32_t type;
		uint64_t param;
	} kinds[] = {
		{OBJECT_UNTYPED, 2},
		{OBJECT_CNODE, 4},
		{OBJECT_FRAME, 3},
		{OBJECT_PAGE_TABLE, 0},
		{OBJECT_VSPACE, 0},
		{OBJECT_TCB, 0},
		{OBJECT_ENDPOINT, 0},
		{OBJECT_NOTIFICATION, 0},
		{OBJECT_TIMER, 0},
	};
	uint32_t type;
	uint64_t rights;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		cptr_t slot = make(kinds[i].type, kinds[i].param);

		CHECK(slot);
		OK(cnode_inspect(SELF_CNODE, slot, &type, &rights));
		EQUAL(type, kinds[i].type);
		EQUAL(rights, RIGHT_ALL);
	}
	return NULL;
}

static verdict_t
retype_refuses(void)
{
	cptr_t slot = slot_next();

	EQUAL(untyped_retype(untyped, OBJECT_REPLY, 0, 1, SELF_CNODE, slot, 0),
		STATUS_INVALID_ARGUMENT);
	EQUAL(untyped_retype(untyped, 999, 0, 1, SELF_CNODE, slot, 0),
		STATUS_INVALID_ARGUMENT);
	EQUAL(untyped_retype(
		      untyped, OBJECT_FRAME, 1 << 20, 1, SELF_CNODE, slot, 0),
		STATUS_NO_MEMORY);
	EQUAL(untyped_retype(untyped, OBJECT_FRAME, 1, 1, SELF_CNODE, 1, 0),
		STATUS_SLOT_OCCUPIED);
	EQUAL(untyped_retype(untyped, OBJECT_FRAME, 1, 1, SELF_VSPACE, slot, 0),
		STATUS_INVALID_CAP);
	EQUAL(untyped_retype(untyped, OBJECT_FRAME, 1, 1, SELF_CNODE, 5000, 0),
		STATUS_INVALID_ARGUMENT);
	EQUAL(untyped_retype(SELF_TCB, OBJECT_FRAME, 1, 1, SELF_CNODE, slot, 0),
		STATUS_INVALID_METHOD);
	EQUAL(untyped_retype(0, OBJECT_FRAME, 1, 1, SELF_CNODE, slot, 0),
		STATUS_INVALID_CAP);
	return NULL;
}

static verdict_t
copy_and_rights(void)
{
	cptr_t endpoint = make(OBJECT_ENDPOINT, 0);
	cptr_t copy = slot_next(), less = slot_next();
	uint32_t type;
	uint64_t rights;

	OK(cnode_copy(SELF_CNODE, copy, endpoint, RIGHT_ALL));
	EQUAL(cnode_copy(SELF_CNODE, copy, endpoint, RIGHT_ALL),
		STATUS_SLOT_OCCUPIED);
	OK(cnode_copy(SELF_CNODE, less, endpoint, RIGHT_READ));
	OK(cnode_inspect(SELF_CNODE, less, &type, &rights));
	EQUAL(rights, RIGHT_READ);
	/* Revoking the original takes what was derived, not its copy. */
	OK(cnode_revoke(SELF_CNODE, endpoint));
	OK(cnode_inspect(SELF_CNODE, less, &type, &rights));
	EQUAL(type, OBJECT_NONE);
	OK(cnode_inspect(SELF_CNODE, copy, &type, &rights));
	EQUAL(type, OBJECT_ENDPOINT);
	EQUAL(cnode_copy(SELF_CNODE, slot_next(), less, RIGHT_ALL),
		STATUS_INVALID_CAP);
	return NULL;
}

static verdict_t
mint_and_badges(void)
{
	cptr_t endpoint = make(OBJECT_ENDPOINT, 0);
	cptr_t one = badged(endpoint, 11);
	cptr_t two = slot_next();

	CHECK(one);
	EQUAL(cnode_mint(SELF_CNODE, two, one, RIGHT_ALL, 12),
		STATUS_INVALID_ARGUMENT);
	EQUAL(cnode_mint(SELF_CNODE, two, make(OBJECT_TCB, 0), RIGHT_ALL, 12),
		STATUS_INVALID_ARGUMENT);
	OK(cnode_mint(SELF_CNODE, two, one, RIGHT_WRITE, 0));
	return NULL;
}

static verdict_t
move_keeps_the_tree(void)
{
	cptr_t endpoint = make(OBJECT_ENDPOINT, 0);
	cptr_t child = badged(endpoint, 1), to = slot_next();
	uint32_t type;
	uint64_t rights;

	OK(cnode_move(SELF_CNODE, to, endpoint));
	OK(cnode_inspect(SELF_CNODE, endpoint, &type, &rights));
	EQUAL(type, OBJECT_NONE);
	OK(cnode_revoke(SELF_CNODE, to));
	OK(cnode_inspect(SELF_CNODE, child, &type, &rights));
	EQUAL(type, OBJECT_NONE);
	return NULL;
}

static verdict_t
delete_hands_children_up(void)
{
	cptr_t frame = make(OBJECT_FRAME, 4);
	cptr_t half = slot_next(), page = slot_next();
	uint32_t type;
	uint64_t rights;

	OK(frame_slice(frame, 0, 2, RIGHT_ALL, SELF_CNODE, half));
	OK(frame_slice(half, 1, 1, RIGHT_READ, SELF_CNODE, page));
	OK(cnode_delete(SELF_CNODE, half));
	OK(cnode_delete(SELF_CNODE, half));
	OK(cnode_inspect(SELF_CNODE, page, &type, &rights));
	EQUAL(type, OBJECT_FRAME);
	OK(cnode_revoke(SELF_CNODE, frame));
	OK(cnode_inspect(SELF_CNODE, page, &type, &rights));
	EQUAL(type, OBJECT_NONE);
	return NULL;
}

static verdict_t
nested_cnodes(void)
{
	cptr_t node = make(OBJECT_CNODE, 4);
	cptr_t endpoint = make(OBJECT_ENDPOINT, 0);
	cptr_t deep = node | (cptr_t)(3 + 1) << BOOT_CNODE_BITS;
	uint32_t type;
	uint64_t rights;

	OK(cnode_copy(node, 3, endpoint, RIGHT_ALL));
	OK(cnode_copy(SELF_CNODE, slot_next(), deep, RIGHT_ALL));
	EQUAL(cnode_copy(SELF_CNODE, slot_next(), deep + (1 << 14), RIGHT_ALL),
		STATUS_INVALID_CAP);
	EQUAL(cnode_copy(node, 0, endpoint, RIGHT_ALL),
		STATUS_INVALID_ARGUMENT);
	EQUAL(cnode_copy(node, 16, endpoint, RIGHT_ALL),
		STATUS_INVALID_ARGUMENT);
	OK(cnode_inspect(node, 3, &type, &rights));
	EQUAL(type, OBJECT_ENDPOINT);
	return NULL;
}

static verdict_t
a_cnode_that_holds_itself_goes(void)
{
	cptr_t child = make(OBJECT_UNTYPED, 64);
	cptr_t node = slot_next();
	size_t base, size, left;

	OK(untyped_retype(child, OBJECT_CNODE, 6, 1, SELF_CNODE, node, 0));
	OK(cnode_copy(node, 5, node, RIGHT_ALL));
	OK(cnode_delete(SELF_CNODE, node));
	OK(cnode_revoke(SELF_CNODE, child));
	OK(untyped_info(child, &base, &size, &left));
	EQUAL(left, size);
	return NULL;
}

static verdict_t
wrong_calls(void)
{
	struct message m = {message_info(0x7777, 0, 0, 0), {0}};

	EQUAL(syscall_call(SELF_CNODE, &m), STATUS_INVALID_METHOD);
	EQUAL(message_label(m.info), (uint32_t)STATUS_INVALID_METHOD);
	m.info = message_info(CNODE_DELETE, 2, 0, 0);
	EQUAL(syscall_call(SELF_CNODE, &m), STATUS_INVALID_METHOD);
	m.info = message_info(CNODE_DELETE, 63, 0, 0);
	EQUAL(syscall_call(SELF_CNODE, &m), STATUS_INVALID_METHOD);
	m.info = message_info(CNODE_DELETE, 1, 0, 0);
	EQUAL(syscall_call(~UINT64_C(0), &m), STATUS_INVALID_CAP);
	m.info = 0;
	EQUAL(syscall_send(SELF_CNODE, &m), STATUS_INVALID_CAP);
	return NULL;
}

const struct test tests_caps[] = {
	{"retype_makes_every_type", retype_makes_every_type},
	{"retype_refuses", retype_refuses},
	{"copy_and_rights", copy_and_rights},
	{"mint_and_badges", mint_and_badges},
	{"move_keeps_the_tree", move_keeps_the_tree},
	{"delete_hands_children_up", delete_hands_children_up},
	{"nested_cnodes", nested_cnodes},
	{"a_cnode_that_holds_itself_goes", a_cnode_that_holds_itself_goes},
	{"wrong_calls", wrong_calls},
	{NULL, NULL},
};
