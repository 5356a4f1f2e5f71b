/* SPDX-License-Identifier: MIT */
/* Users and groups: Linux's rules for changing them (credentials(7)). */
#include "system.h"
#include "tux.h"

/* Whether an identity without privilege may become `id`. */
static bool
has(const struct identity *identity, uint32_t id)
{
	return id == LEAVE || id == identity->real ||
		id == identity->effective || id == identity->saved;
}

static void
put(uint32_t *to, uint32_t id)
{
	if (id != LEAVE)
		*to = id;
}

static status_t
change_one(struct identity *identity, uint32_t id, bool root)
{
	if (id == LEAVE)
		return ERR_INVAL;
	if (root)
		identity->real = identity->saved = id;
	else if (id != identity->real && id != identity->saved)
		return ERR_PERM;
	identity->effective = id;
	return STATUS_OK;
}

static status_t
change_two(struct identity *identity, const struct identity *wanted, bool root)
{
	uint32_t old = identity->real;

	if (!root && wanted->real != LEAVE && wanted->real != old &&
		wanted->real != identity->effective)
		return ERR_PERM;
	if (!root && !has(identity, wanted->effective))
		return ERR_PERM;
	put(&identity->real, wanted->real);
	put(&identity->effective, wanted->effective);
	if (wanted->real != LEAVE ||
		(wanted->effective != LEAVE && wanted->effective != old))
		identity->saved = identity->effective;
	return STATUS_OK;
}

static status_t
change_three(
	struct identity *identity, const struct identity *wanted, bool root)
{
	if (!root &&
		!(has(identity, wanted->real) &&
			has(identity, wanted->effective) &&
			has(identity, wanted->saved)))
		return ERR_PERM;
	put(&identity->real, wanted->real);
	put(&identity->effective, wanted->effective);
	put(&identity->saved, wanted->saved);
	return STATUS_OK;
}

status_t
identity_change(struct identity *identity, enum identity_change kind,
	const struct identity *wanted, bool root)
{
	status_t status = ERR_INVAL;

	switch (kind) {
	case CHANGE_ONE:
		status = change_one(identity, wanted->real, root);
		break;
	case CHANGE_TWO:
		status = change_two(identity, wanted, root);
		break;
	case CHANGE_THREE:
		status = change_three(identity, wanted, root);
		break;
	case CHANGE_FILE:
		/* It never fails, it only may do nothing. */
		if (wanted->real != LEAVE &&
			(root || has(identity, wanted->real)))
			identity->file = wanted->real;
		return STATUS_OK;
	}
	if (status == STATUS_OK)
		identity->file = identity->effective;
	return status;
}

status_t
groups_set(const struct process *process, const uint32_t *ids, uint32_t count)
{
	if (!process_is_root(process))
		return ERR_PERM;
	if (count > GROUPS_MAX)
		return ERR_INVAL;
	for (uint32_t i = 0; i < count; i++) {
		if (ids[i] == LEAVE)
			return ERR_INVAL;
	}
	return system_set_groups(process->puid, ids, count);
}

status_t
groups_get(const struct process *process, uint32_t *ids, uint32_t room,
	uint32_t *count)
{
	return system_get_groups(process->puid, ids, room, count);
}
