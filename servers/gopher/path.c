/* SPDX-License-Identifier: MIT */
/*
 * The walk.  `rest` points into the text that is still to be walked; a link
 * puts its target in front of that text in the other of two buffers.
 */
#include "path.h"

#include <string.h>

#include "call.h"
#include "file.h"
#include "session.h"
#include "system.h"

struct walker {
	struct session *session;
	unsigned flags;
	unsigned links; /* followed so far */
	const char *rest;
	unsigned buffer; /* the one that `rest` is not in */
	struct walk *out;
};

static char link_text[2][2 * PATH_BYTES];

static status_t
walk_start(struct session *session, uint32_t dirfd, const char *path,
	struct place *out)
{
	struct file *file;

	if (*path == '/') {
		*out = session->folders->root;
		return 0;
	}
	if ((int32_t)dirfd == -100) {
		*out = session->folders->working;
		return 0;
	}
	file = descriptors_find(session->descriptors, dirfd);
	if (!file)
		return ERR_BADF;
	if (!file->place.node)
		return *path ? ERR_NOTDIR : ERR_BADF;
	*out = file->place;
	return 0;
}

/* Cut the next name off; false when there is none. */
static bool
next_name(struct walker *walker, const char **name, size_t *length)
{
	const char *at = walker->rest;

	while (*at == '/')
		at++;
	*name = at;
	while (*at != '\0' && *at != '/')
		at++;
	*length = (size_t)(at - *name);
	walker->rest = at;
	return *length > 0;
}

static bool
only_slashes(const char *text)
{
	while (*text == '/')
		text++;
	return *text == '\0';
}

static void
step_up(struct walker *walker, struct place *at)
{
	const struct place *root = &walker->session->folders->root;
	struct node *parent;

	for (;;) {
		if (at->node == root->node && at->mount == root->mount)
			return;
		if (!mount_below(at))
			break;
	}
	parent = at->node->ops->parent ? at->node->ops->parent(at->node) : NULL;
	if (parent)
		at->node = parent;
	mount_cross(walker->session->namespace, at);
}

/* Put the link's target in front of what is left. */
static status_t
link_expand(struct walker *walker, struct node *link)
{
	char *text = link_text[walker->buffer];
	size_t rest = strlen(walker->rest);
	int length;

	length = link->ops->target(link, walker->session, text, PATH_BYTES);
	if (length < 0)
		return length;
	if (length == 0)
		return ERR_NOENT;
	if ((size_t)length + rest + 1 > sizeof(link_text[0]))
		return ERR_NAMETOOLONG;
	memmove(text + length, walker->rest, rest + 1);
	walker->rest = text;
	walker->buffer ^= 1;
	return 0;
}

/*
 * Follow a link found in `at`.  On return `at` is where the text in
 * walker->rest goes on from, or the end of a jump.
 */
static status_t
link_follow(struct walker *walker, struct node *link, struct place *at)
{
	status_t status;

	if (++walker->links > LINK_LIMIT)
		return ERR_LOOP;
	if (link->ops->jump) {
		status = link->ops->jump(
			link, walker->session, at, &walker->out->open);
		if (status != ERR_NOSYS)
			return status;
	}
	status = link_expand(walker, link);
	if (status < 0)
		return status;
	if (*walker->rest == '/')
		*at = walker->session->folders->root;
	return 0;
}

static status_t
folder_check(struct walker *walker, struct node *node)
{
	if (!node_is_folder(node))
		return ERR_NOTDIR;
	return node_permits(node, session_who(walker->session), ACCESS_EXECUTE);
}

static void
walk_remember(
	struct walk *out, struct place parent, const char *name, size_t length)
{
	out->parent = parent;
	memcpy(out->last, name, length);
	out->last[length] = '\0';
	out->length = (uint16_t)length;
}

/*
 * One name from folder *at.  Moves *at on; sets *missing when the last name
 * is not there and need not be.
 */
static status_t
walk_name(struct walker *walker, struct place *at, const char *name,
	size_t length, bool *missing)
{
	bool last = only_slashes(walker->rest);
	struct walk *out = walker->out;
	struct node *node = NULL;
	status_t status;

	status = folder_check(walker, at->node);
	if (status < 0)
		return status;
	out->parent.node = NULL;
	out->length = 0;
	out->open = NULL;
	if (length == 1 && name[0] == '.')
		return 0;
	if (length == 2 && name[0] == '.' && name[1] == '.') {
		step_up(walker, at);
		return 0;
	}
	if (length > NAME_BYTES)
		return ERR_NAMETOOLONG;
	walk_remember(out, *at, name, length);
	status = at->node->ops->lookup(at->node, name, length, &node);
	if (status == ERR_NOENT && last && (walker->flags & WALK_CREATE)) {
		*missing = true;
		return 0;
	}
	if (status < 0)
		return status;
	if (node_is_link(node) &&
		(!last || *walker->rest == '/' ||
			(walker->flags & WALK_FOLLOW)))
		return link_follow(walker, node, at);
	at->node = node;
	mount_cross(walker->session->namespace, at);
	return 0;
}

status_t
path_walk(struct session *session, uint32_t dirfd, const char *path,
	unsigned flags, struct walk *out)
{
	struct walker walker = {session, flags, 0, path, 0, out};
	bool missing = false;
	const char *name;
	struct place at;
	size_t length;
	status_t status;

	out->open = NULL;
	out->length = 0;
	out->parent.node = NULL;
	out->slash = false;
	if (*path == '\0' && !(flags & WALK_EMPTY))
		return ERR_NOENT;
	status = walk_start(session, dirfd, path, &at);
	if (status < 0)
		return status;
	while (next_name(&walker, &name, &length)) {
		status = walk_name(&walker, &at, name, length, &missing);
		if (status < 0)
			return status;
		out->slash = *walker.rest == '/';
	}
	out->at = at;
	if (missing)
		out->at.node = NULL;
	else if (out->slash && !node_is_folder(at.node))
		return ERR_NOTDIR;
	return 0;
}

status_t
path_read(struct call *call, unsigned lease, uint64_t length, unsigned which,
	const char **out)
{
	static char text[2][PATH_BYTES + 1];
	status_t status;

	if (length > PATH_BYTES)
		return ERR_NAMETOOLONG;
	if (length > 0) {
		status = system_lease_read(
			call->reply, lease, 0, text[which], length);
		if (status < 0)
			return status;
	}
	text[which][length] = '\0';
	if (strlen(text[which]) >= PATH_BYTES)
		return ERR_NAMETOOLONG;
	*out = text[which];
	return 0;
}

status_t
path_resolve(struct call *call, uint32_t dirfd, unsigned lease, uint64_t length,
	unsigned flags, struct walk *out)
{
	const char *path;
	status_t status = path_read(call, lease, length, lease & 1, &path);

	if (status < 0)
		return status;
	return path_walk(call->session, dirfd, path, flags, out);
}
