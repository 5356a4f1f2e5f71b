/* SPDX-License-Identifier: MIT */
/*
 * Tux's operations: look up who is meant, ask the rules, have Factotum do it.
 *
 * Nothing here waits: Factotum and Gopher answer at once to what Tux asks.
 * Terminal events come as a bit of the notification; they are fetched from
 * Gopher and become signals.
 */
#include <stdio.h>

#include <glenda/factotum_client.h>
#include <glenda/gopher_client.h>
#include <glenda/kernel_calls.h>
#include <glenda/slots.h>
#include <glenda/start.h>
#include <glenda/tux_server.h>

#include "identity.h"
#include "rules.h"

#define BIT_NOTICES UINT64_C(1)
#define BIT_TERMINAL UINT64_C(2)

#define SIGNALS 64
#define SIGHUP 1
#define SIGCONT 18
#define SI_KERNEL 0x80

#define TAG_GROUP 1
#define TAG_SESSION 2
#define TAG_CREDENTIALS 4

enum post_kind {
	POST_PROCESS = 0,
	POST_THREAD = 1,
	POST_GROUP = 2,
	POST_ALL = 3,
};

static cptr_t manager;
static cptr_t gopher;

static status_t
errno_status(int error)
{
	return error ? -(TUX_ERRNO_BASE + error) : STATUS_OK;
}

struct tags {
	struct subject subject;
	uint64_t credentials;
	uint64_t puid;
};

/* Tags of a Linux process by pid; ESRCH for all others. */
static int
look_up(uint32_t pid, struct tags *out)
{
	struct subject *s = &out->subject;
	status_t status;

	if (pid == 0)
		return TUX_ESRCH;
	status = factotum_get_tags(manager, pid, &s->pid, &s->ppid, &s->group,
				   &s->session, &out->credentials, NULL,
				   &s->execs, &out->puid);
	return status < 0 || s->group == 0 ? TUX_ESRCH : 0;
}

static uint32_t
caller_pid(const struct request *request)
{
	return (uint32_t)(request->badge & 0xffff);
}

static struct identity *
identity_of(const struct tags *tags)
{
	struct identity *found = identity_find(tags->puid);
	struct tags parent;

	if (found && identity_tag(found) == tags->credentials)
		return found;
	if (found)
		identity_drop(tags->puid);
	if (look_up(tags->subject.ppid, &parent) != 0)
		return identity_make(tags->puid, tags->credentials, NULL);
	return identity_make(tags->puid, tags->credentials,
			     identity_find(parent.puid));
}

/* Who calls; every operation but attach begins here. */
static int
caller(const struct request *request, struct tags *tags,
       struct identity **identity)
{
	int error = look_up(caller_pid(request), tags);

	if (error == 0 && tags->puid != request->badge)
		error = TUX_ESRCH;
	if (error != 0)
		return error;
	*identity = identity_of(tags);
	return *identity ? 0 : TUX_EPERM;
}

static status_t
op_attach(void *context, struct request *request,
	  const struct tux_attach_args *args)
{
	uint32_t pid = caller_pid(request), group = 0;
	uint64_t tag = (uint64_t)args->uid << 32 | args->gid;
	status_t status = factotum_get_tags(manager, pid, NULL, NULL, &group,
					    NULL, NULL, NULL, NULL, NULL);

	(void)context;
	if (status < 0)
		return status;
	if (group != 0)
		return STATUS_EXISTS;
	return factotum_set_tags(manager, pid,
				 TAG_GROUP | TAG_SESSION | TAG_CREDENTIALS,
				 pid, pid, tag);
}

static status_t
post(uint32_t kind, uint32_t id, uint32_t signal, const struct identity *from,
     uint64_t info, uint64_t value)
{
	uint32_t count = 0;
	status_t status = factotum_signal_post(manager, kind, id, signal, info,
					       value, from->user.real, &count);

	if (status == STATUS_NOT_FOUND)
		return errno_status(TUX_ESRCH);
	if (status == 0 && count == 0)
		return errno_status(TUX_ESRCH);
	return status;
}

/* The sender's pid in `info` is what Tux knows it to be, not what it says. */
static uint64_t
true_info(const struct request *request, uint64_t info)
{
	return (info & UINT32_MAX) | (uint64_t)caller_pid(request) << 32;
}

static status_t
kill_one(const struct tags *from, const struct identity *sender,
	 uint32_t pid, uint32_t signal, uint64_t info, uint64_t value)
{
	struct tags target;
	struct identity *identity;
	int error = look_up(pid, &target);

	if (error != 0)
		return errno_status(error);
	identity = identity_of(&target);
	if (!identity)
		return STATUS_NO_MEMORY;
	error = rule_kill(&sender->user, &identity->user, signal == SIGCONT,
			  from->subject.session == target.subject.session);
	if (error != 0)
		return errno_status(error);
	return post(POST_PROCESS, pid, signal, sender, info, value);
}

static status_t
op_kill(void *context, struct request *request,
	const struct tux_kill_args *args)
{
	struct tags tags;
	struct identity *sender;
	uint64_t info = true_info(request, args->info);
	uint32_t group = (uint32_t)-args->pid;
	int error = caller(request, &tags, &sender);

	(void)context;
	if (error == 0 && args->signal > SIGNALS)
		error = TUX_EINVAL;
	if (error == 0 && args->pid == INT32_MIN)
		error = TUX_ESRCH;
	if (error != 0)
		return errno_status(error);
	if (args->pid > 0)
		return kill_one(&tags, sender, (uint32_t)args->pid,
				args->signal, info, args->value);
	if (args->pid == 0)
		group = tags.subject.group;
	/* Others' groups only by root: their members are not looked at. */
	if (sender->user.effective != 0 && group != tags.subject.group)
		return errno_status(TUX_EPERM);
	if (args->pid == -1)
		return post(POST_ALL, caller_pid(request), args->signal, sender,
			    info, args->value);
	return post(POST_GROUP, group, args->signal, sender, info,
		    args->value);
}

static status_t
op_tgkill(void *context, struct request *request,
	  const struct tux_tgkill_args *args)
{
	struct tags tags, target;
	struct identity *sender, *identity;
	int error = caller(request, &tags, &sender);

	(void)context;
	if (error == 0 && (args->signal > SIGNALS || args->tid <= 0 ||
			   args->group < 0))
		error = TUX_EINVAL;
	if (error == 0 && args->group > 0)
		error = look_up((uint32_t)args->group, &target);
	else if (error == 0)
		error = look_up((uint32_t)args->tid, &target);
	if (error != 0)
		return errno_status(error);
	identity = identity_of(&target);
	if (!identity)
		return STATUS_NO_MEMORY;
	error = rule_kill(&sender->user, &identity->user,
			  args->signal == SIGCONT,
			  tags.subject.session == target.subject.session);
	if (error != 0)
		return errno_status(error);
	return post(POST_THREAD, (uint32_t)args->tid, args->signal, sender,
		    true_info(request, args->info), args->value);
}

/* Whether a member of the group lives in the session. */
static bool
group_in_session(uint32_t group, uint32_t session)
{
	struct tags leader;
	uint32_t count = 0;

	if (look_up(group, &leader) == 0 && leader.subject.group == group)
		return leader.subject.session == session;
	return factotum_signal_post(manager, POST_GROUP, group, 0, 0, 0, 0,
				    &count) == 0 &&
	       count > 0;
}

static status_t
op_setpgid(void *context, struct request *request,
	   const struct tux_setpgid_args *args)
{
	struct tags tags, target;
	struct identity *identity;
	uint32_t group;
	int error = caller(request, &tags, &identity);

	(void)context;
	if (error == 0 && args->group < 0)
		error = TUX_EINVAL;
	target = tags;
	if (error == 0 && args->pid != 0 &&
	    (uint32_t)args->pid != tags.subject.pid)
		error = look_up((uint32_t)args->pid, &target);
	if (error != 0)
		return errno_status(error);
	group = args->group ? (uint32_t)args->group : target.subject.pid;
	error = rule_setpgid(&tags.subject, &target.subject, group,
			     group_in_session(group, tags.subject.session));
	if (error != 0)
		return errno_status(error);
	return factotum_set_tags(manager, target.subject.pid, TAG_GROUP, group,
				 0, 0);
}

static int
subject_by_argument(struct request *request, int32_t pid, struct tags *out)
{
	struct identity *identity;

	if (pid == 0)
		return caller(request, out, &identity);
	return pid < 0 ? TUX_ESRCH : look_up((uint32_t)pid, out);
}

static status_t
op_getpgid(void *context, struct request *request,
	   const struct tux_getpgid_args *args,
	   struct tux_getpgid_results *results)
{
	struct tags tags;
	int error = subject_by_argument(request, args->pid, &tags);

	(void)context;
	if (error == 0)
		results->group = (int32_t)tags.subject.group;
	return errno_status(error);
}

static status_t
op_getsid(void *context, struct request *request,
	  const struct tux_getsid_args *args,
	  struct tux_getsid_results *results)
{
	struct tags tags;
	int error = subject_by_argument(request, args->pid, &tags);

	(void)context;
	if (error == 0)
		results->session = (int32_t)tags.subject.session;
	return errno_status(error);
}

static status_t
op_setsid(void *context, struct request *request,
	  struct tux_setsid_results *results)
{
	struct tags tags;
	struct identity *identity;
	int error = caller(request, &tags, &identity);

	(void)context;
	if (error == 0)
		error = rule_setsid(&tags.subject);
	if (error != 0)
		return errno_status(error);
	results->session = (int32_t)tags.subject.pid;
	return factotum_set_tags(manager, tags.subject.pid,
				 TAG_GROUP | TAG_SESSION, tags.subject.pid,
				 tags.subject.pid, 0);
}

enum ids_kind {
	IDS_SET = 0,
	IDS_RE = 1,
	IDS_RES = 2,
	IDS_GROUP = 3,		/* added to the three above */
	IDS_FSUID = 6,
	IDS_FSGID = 7,
};

static int
change_ids(struct ids *ids, uint32_t kind, const struct tux_setids_args *args,
	   bool privileged)
{
	const struct ids wanted = {args->real, args->effective, args->saved};

	switch (kind) {
	case IDS_SET:
		return rule_set(ids, args->real, privileged);
	case IDS_RE:
		return rule_setre(ids, args->real, args->effective,
				  privileged);
	default:
		return rule_setres(ids, &wanted, privileged);
	}
}

static status_t
op_setids(void *context, struct request *request,
	  const struct tux_setids_args *args,
	  struct tux_setids_results *results)
{
	struct tags tags;
	struct identity *identity;
	bool group = args->kind >= IDS_GROUP && args->kind < IDS_FSUID;
	struct ids *ids, next;
	int error = caller(request, &tags, &identity);
	status_t status;

	(void)context;
	if (error == 0 && args->kind > IDS_FSGID)
		error = TUX_EINVAL;
	if (error != 0)
		return errno_status(error);
	if (args->kind >= IDS_FSUID) {
		/* The file-system ids always follow the effective ones here. */
		results->old = args->kind == IDS_FSUID
				       ? identity->user.effective
				       : identity->group.effective;
		return 0;
	}
	ids = group ? &identity->group : &identity->user;
	next = *ids;
	error = change_ids(&next, group ? args->kind - IDS_GROUP : args->kind,
			   args, identity->user.effective == 0);
	if (error != 0)
		return errno_status(error);
	*ids = next;
	status = factotum_set_tags(manager, tags.subject.pid, TAG_CREDENTIALS,
				   0, 0, identity_tag(identity));
	if (status == 0)
		status = gopher_sync_credentials(gopher, request->badge);
	return status;
}

static status_t
op_getids(void *context, struct request *request,
	  struct tux_getids_results *results)
{
	struct tags tags;
	struct identity *identity;
	int error = caller(request, &tags, &identity);

	(void)context;
	if (error != 0)
		return errno_status(error);
	results->ruid = identity->user.real;
	results->euid = identity->user.effective;
	results->suid = identity->user.saved;
	results->rgid = identity->group.real;
	results->egid = identity->group.effective;
	results->sgid = identity->group.saved;
	return 0;
}

static status_t
op_setgroups(void *context, struct request *request,
	     const struct tux_setgroups_args *args)
{
	struct tags tags;
	struct identity *identity;
	uint32_t groups[GROUPS_MAX];
	int error = caller(request, &tags, &identity);
	status_t status;

	(void)context;
	if (error == 0 && identity->user.effective != 0)
		error = TUX_EPERM;
	if (error == 0 && (args->groups_len % 4 != 0 ||
			   args->groups_len > sizeof(groups)))
		error = TUX_EINVAL;
	if (error != 0)
		return errno_status(error);
	if (args->groups_len > 0) {
		status = lease_read(request->reply, TUX_SETGROUPS_LEASE_GROUPS,
				    0, groups, args->groups_len);
		if (status < 0)
			return status;
	}
	identity->group_count = (uint32_t)(args->groups_len / 4);
	for (uint32_t i = 0; i < identity->group_count; i++)
		identity->groups[i] = groups[i];
	return 0;
}

static status_t
op_getgroups(void *context, struct request *request,
	     const struct tux_getgroups_args *args,
	     struct tux_getgroups_results *results)
{
	struct tags tags;
	struct identity *identity;
	int error = caller(request, &tags, &identity);

	(void)context;
	if (error != 0)
		return errno_status(error);
	results->count = identity->group_count;
	if (args->groups_len == 0 || results->count == 0)
		return 0;
	if (args->groups_len < results->count * 4)
		return errno_status(TUX_EINVAL);
	return lease_write(request->reply, TUX_GETGROUPS_LEASE_GROUPS, 0,
			   identity->groups, results->count * 4);
}

static void
terminal_events(void)
{
	uint32_t kind, signal, id, count;

	while (gopher_tty_fetch(gopher, &kind, &signal, &id) == 0 &&
	       kind != GOPHER_EVENT_NONE) {
		if (kind == GOPHER_EVENT_SIGNAL)
			factotum_signal_post(manager, POST_GROUP, id, signal,
					     SI_KERNEL, 0, 0, &count);
		else if (kind == GOPHER_EVENT_HANGUP)
			factotum_signal_post(manager, POST_PROCESS, id, SIGHUP,
					     SI_KERNEL, 0, 0, &count);
	}
}

static void
death_notices(void)
{
	uint32_t count = 0;

	do {
		uint64_t kind[3], id[3];

		if (factotum_fetch(CAP_FACTOTUM, &count, &kind[0], &id[0],
				   &kind[1], &id[1], &kind[2], &id[2]) < 0)
			return;
		for (uint32_t i = 0; i < count && i < 3; i++) {
			if ((uint32_t)kind[i] == FACTOTUM_NOTICE_DEATH)
				identity_drop(id[i]);
		}
	} while (count > 0);
}

static void
notified(void *context, uint64_t bits)
{
	(void)context;
	if (bits & BIT_TERMINAL)
		terminal_events();
	if (bits & BIT_NOTICES)
		death_notices();
}

/* A sending end of our own notification with one bit. */
static cptr_t
own_bit(uint64_t bit)
{
	cptr_t slot = slot_take();

	if (!slot || cnode_mint(CAP_CNODE, slot, start_cap("notification"),
				RIGHT_WRITE, bit) < 0)
		return 0;
	return slot;
}

static status_t
begin(void)
{
	status_t status = gopher_tty_watch(gopher, own_bit(BIT_TERMINAL));

	if (status == 0)
		status = factotum_watch(CAP_FACTOTUM,
					1u << FACTOTUM_NOTICE_DEATH,
					own_bit(BIT_NOTICES));
	return status == 0 ? factotum_ready(CAP_FACTOTUM) : status;
}

static const struct tux_ops ops = {
	.attach = op_attach,
	.kill = op_kill,
	.tgkill = op_tgkill,
	.setpgid = op_setpgid,
	.getpgid = op_getpgid,
	.setsid = op_setsid,
	.getsid = op_getsid,
	.setids = op_setids,
	.getids = op_getids,
	.setgroups = op_setgroups,
	.getgroups = op_getgroups,
};

int
main(void)
{
	static const struct server_protocol protocol = {
		.number = TUX_PROTOCOL,
		.dispatch = tux_dispatch,
		.ops = &ops,
	};
	struct server server = {
		.endpoint = start_cap("service"),
		.protocols = &protocol,
		.protocol_count = 1,
		.notified = notified,
	};
	status_t status;

	manager = start_cap("manager");
	gopher = start_cap("service.0x0200");
	status = begin();
	if (status == 0)
		status = server_run(&server);
	printf("tux: %s\n", status_string(status));
	return 1;
}
