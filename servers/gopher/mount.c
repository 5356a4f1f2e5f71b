/* SPDX-License-Identifier: MIT */
/* Mounts, namespaces and the way up from a place to its root. */
#include "mount.h"

#include <stdlib.h>
#include <string.h>

struct namespace *
namespace_create(struct node *root)
{
	struct namespace *namespace = calloc(1, sizeof(*namespace));
	struct place nowhere = {NULL, NULL};

	if (!namespace)
		return NULL;
	namespace->references = 1;
	if (mount_add(namespace, MOUNT_TMPFS, root, nowhere) < 0) {
		free(namespace);
		return NULL;
	}
	return namespace;
}

struct namespace *
namespace_copy(const struct namespace *from)
{
	struct namespace *namespace = malloc(sizeof(*namespace));
	uint32_t i;

	if (!namespace)
		return NULL;
	*namespace = *from;
	namespace->references = 1;
	for (i = 0; i < namespace->count; i++)
		mount_get(namespace->mounts[i]);
	return namespace;
}

void
namespace_get(struct namespace *namespace)
{
	namespace->references++;
}

void
namespace_put(struct namespace *namespace)
{
	if (--namespace->references > 0)
		return;
	while (namespace->count > 0)
		mount_put(namespace->mounts[--namespace->count]);
	free(namespace);
}

void
mount_put(struct mount *mount)
{
	if (--mount->references > 0)
		return;
	if (mount->covered.node) {
		mount->covered.node->mounted--;
		place_put(&mount->covered);
	}
	node_put(mount->root);
	free(mount);
}

status_t
mount_add(struct namespace *namespace, enum mount_kind kind, struct node *root,
	struct place where)
{
	struct mount *mount;

	if (namespace->count == MOUNT_LIMIT)
		return ERR_NOSPC;
	mount = calloc(1, sizeof(*mount));
	if (!mount)
		return ERR_NOMEM;
	mount->references = 1;
	mount->kind = kind;
	mount->root = root;
	node_get(root);
	if (where.node) {
		mount->covered = where;
		place_get(&where);
		where.node->mounted++;
	}
	namespace->mounts[namespace->count++] = mount;
	return 0;
}

status_t
mount_remove(struct namespace *namespace, struct place root)
{
	struct mount *mount = root.mount;
	uint32_t i;

	if (root.node != mount->root || !mount->covered.node)
		return ERR_INVAL;
	for (i = namespace->count - 1; i > 0; i--) {
		if (namespace->mounts[i] != mount)
			continue;
		namespace->count--;
		memmove(&namespace->mounts[i], &namespace->mounts[i + 1],
			(namespace->count - i) * sizeof(mount));
		mount_put(mount);
		return 0;
	}
	return ERR_INVAL;
}

void
mount_cross(struct namespace *namespace, struct place *place)
{
	struct mount *mount;
	uint32_t i = namespace->count;

	/* Later mounts cover earlier ones, so go from the newest. */
	while (place->node->mounted && i-- > 1) {
		mount = namespace->mounts[i];
		if (mount->covered.node != place->node ||
			mount->covered.mount != place->mount)
			continue;
		place->mount = mount;
		place->node = mount->root;
		i = namespace->count;
	}
}

bool
mount_below(struct place *place)
{
	if (place->node != place->mount->root || !place->mount->covered.node)
		return false;
	*place = place->mount->covered;
	return true;
}

void
place_get(const struct place *place)
{
	node_get(place->node);
	mount_get(place->mount);
}

void
place_put(const struct place *place)
{
	node_put(place->node);
	mount_put(place->mount);
}

int
place_path(struct place place, struct place root, char *out, size_t size)
{
	struct node *parent;
	size_t at = size;
	char name[NAME_BYTES + 1];
	int length;

	while (place.node != root.node || place.mount != root.mount) {
		if (mount_below(&place))
			continue;
		parent = place.node->ops->parent
			? place.node->ops->parent(place.node)
			: NULL;
		if (!parent || parent == place.node)
			break;
		length = place.node->ops->name(place.node, name, sizeof(name));
		if (length < 0)
			return length;
		if (at < (size_t)length + 1)
			return ERR_RANGE;
		at -= (size_t)length;
		memcpy(out + at, name, (size_t)length);
		out[--at] = '/';
		place.node = parent;
	}
	if (at == size) {
		if (size == 0)
			return ERR_RANGE;
		out[--at] = '/';
	}
	memmove(out, out + at, size - at);
	return (int)(size - at);
}
