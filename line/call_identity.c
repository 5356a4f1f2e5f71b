/* SPDX-License-Identifier: MIT */
/*
 * Who a process is: users, groups, process groups and sessions are Tux's,
 * limits Factotum's. Nothing is kept here, so nothing can be out of date.
 */
#include <glenda/factotum_client.h>
#include <glenda/gopher_client.h>
#include <glenda/tux_client.h>

#include "calls.h"
#include "linux.h"
#include "user.h"

/* Kinds of tux.setids (proto/tux.toml). */
enum {
	SET_UID = 0,
	SET_REUID,
	SET_RESUID,
	SET_GID,
	SET_REGID,
	SET_RESGID,
	SET_FSUID,
	SET_FSGID,
};

enum {
	RUID,
	EUID,
	SUID,
	RGID,
	EGID,
	SGID,
	ID_COUNT,
};

#define GROUPS_MAX 65536

static int64_t
ids_get(uint32_t *ids)
{
	return line_errno(tux_getids(CAP_TUX, &ids[RUID], &ids[EUID],
		&ids[SUID], &ids[RGID], &ids[EGID], &ids[SGID]));
}

static int64_t
id_get(unsigned which)
{
	uint32_t ids[ID_COUNT] = {0};
	int64_t result = ids_get(ids);

	return result < 0 ? result : (int64_t)ids[which];
}

int64_t
sys_getuid(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	(void)args;
	return id_get(RUID);
}

int64_t
sys_geteuid(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	(void)args;
	return id_get(EUID);
}

int64_t
sys_getgid(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	(void)args;
	return id_get(RGID);
}

int64_t
sys_getegid(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	(void)args;
	return id_get(EGID);
}

/* Three identities from `first` on, each to its own address. */
static int64_t
ids_put(const uint64_t *args, unsigned first)
{
	uint32_t ids[ID_COUNT];
	int64_t result = ids_get(ids);

	for (unsigned i = 0; i < 3 && result == 0; i++)
		result = user_write(args[i], &ids[first + i], 4);
	return result;
}

int64_t
sys_getresuid(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	return ids_put(args, RUID);
}

int64_t
sys_getresgid(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	return ids_put(args, RGID);
}

static int64_t
ids_set(uint32_t kind, uint64_t real, uint64_t effective, uint64_t saved)
{
	return line_errno(tux_setids(CAP_TUX, kind, (uint32_t)real,
		(uint32_t)effective, (uint32_t)saved, NULL));
}

int64_t
sys_setuid(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	return ids_set(SET_UID, args[0], UINT32_MAX, UINT32_MAX);
}

int64_t
sys_setgid(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	return ids_set(SET_GID, args[0], UINT32_MAX, UINT32_MAX);
}

int64_t
sys_setreuid(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	return ids_set(SET_REUID, args[0], args[1], UINT32_MAX);
}

int64_t
sys_setregid(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	return ids_set(SET_REGID, args[0], args[1], UINT32_MAX);
}

int64_t
sys_setresuid(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	return ids_set(SET_RESUID, args[0], args[1], args[2]);
}

int64_t
sys_setresgid(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	return ids_set(SET_RESGID, args[0], args[1], args[2]);
}

/* These two answer the old identity, whether or not it changed. */
static int64_t
fs_set(uint32_t kind, uint64_t id)
{
	uint32_t old;
	status_t status = tux_setids(
		CAP_TUX, kind, (uint32_t)id, UINT32_MAX, UINT32_MAX, &old);

	return status < 0 ? line_errno(status) : (int64_t)old;
}

int64_t
sys_setfsuid(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	return fs_set(SET_FSUID, args[0]);
}

int64_t
sys_setfsgid(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	return fs_set(SET_FSGID, args[0]);
}

int64_t
sys_getgroups(struct line_thread *thread, const uint64_t *args)
{
	int32_t room = (int32_t)args[0];
	uint32_t count;
	status_t status;

	(void)thread;
	if (room < 0)
		return -EINVAL;
	if (room > GROUPS_MAX)
		room = GROUPS_MAX;
	status = tux_getgroups(
		CAP_TUX, (void *)args[1], (size_t)room * 4, &count);
	return status < 0 ? line_errno(status) : (int64_t)count;
}

int64_t
sys_setgroups(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	if (args[0] > GROUPS_MAX)
		return -EINVAL;
	return line_errno(
		tux_setgroups(CAP_TUX, (const void *)args[1], args[0] * 4));
}

int64_t
sys_setpgid(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	return line_errno(
		tux_setpgid(CAP_TUX, (int32_t)args[0], (int32_t)args[1]));
}

int64_t
sys_getpgid(struct line_thread *thread, const uint64_t *args)
{
	int32_t group;
	status_t status;

	(void)thread;
	status = tux_getpgid(CAP_TUX, (int32_t)args[0], &group);
	return status < 0 ? line_errno(status) : group;
}

int64_t
sys_setsid(struct line_thread *thread, const uint64_t *args)
{
	int32_t session;
	status_t status;

	(void)thread;
	(void)args;
	status = tux_setsid(CAP_TUX, &session);
	return status < 0 ? line_errno(status) : session;
}

int64_t
sys_getsid(struct line_thread *thread, const uint64_t *args)
{
	int32_t session;
	status_t status;

	(void)thread;
	status = tux_getsid(CAP_TUX, (int32_t)args[0], &session);
	return status < 0 ? line_errno(status) : session;
}

/* struct rlimit64: soft, hard. */
static int64_t
limit_get(uint64_t resource, uint64_t address)
{
	uint64_t limit[2];
	status_t status = factotum_get_limit(
		CAP_FACTOTUM, (uint32_t)resource, &limit[0], &limit[1]);

	if (status < 0)
		return line_errno(status);
	return user_write(address, limit, sizeof(limit));
}

static int64_t
limit_set(uint64_t resource, const uint64_t *limit)
{
	enum { FSIZE = 1, NOFILE = 7 };
	status_t status;

	if (limit[0] > limit[1])
		return -EINVAL;
	status = factotum_set_limit(
		CAP_FACTOTUM, (uint32_t)resource, limit[0], limit[1]);
	if (status == 0 && resource == NOFILE)
		status = gopher_limit_files(CAP_GOPHER, limit[0]);
	if (status == 0 && resource == FSIZE)
		status = gopher_limit_size(CAP_GOPHER, limit[0]);
	return line_errno(status);
}

int64_t
sys_prlimit64(struct line_thread *thread, const uint64_t *args)
{
	uint32_t pid = (uint32_t)args[0];
	uint64_t limit[2];
	int64_t result = 0;

	/* Those of another process are nobody's to see or change. */
	if (pid && pid != thread->pid)
		return tux_kill(CAP_TUX, (int32_t)pid, 0, 0, 0) < 0 ? -ESRCH
								    : -EPERM;
	if (args[2] && user_read(limit, args[2], sizeof(limit)) < 0)
		return -EFAULT;
	if (args[3])
		result = limit_get(args[1], args[3]);
	if (result == 0 && args[2])
		result = limit_set(args[1], limit);
	return result;
}

int64_t
sys_getrlimit(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	return limit_get(args[0], args[1]);
}

int64_t
sys_setrlimit(struct line_thread *thread, const uint64_t *args)
{
	uint64_t limit[2];

	(void)thread;
	if (user_read(limit, args[1], sizeof(limit)) < 0)
		return -EFAULT;
	return limit_set(args[0], limit);
}

/* Capabilities of Linux: here root has all of them, and others none. */
struct capability_header {
	uint32_t version;
	int32_t pid;
};

struct capability_data {
	uint32_t effective;
	uint32_t permitted;
	uint32_t inheritable;
};

#define CAPABILITY_VERSION 0x20080522
#define CAPABILITIES ((UINT64_C(1) << 41) - 1)

static int64_t
capability_header(
	const struct line_thread *thread, uint64_t address, bool probe)
{
	struct capability_header h;

	if (user_read(&h, address, sizeof(h)) < 0)
		return -EFAULT;
	if (h.version != CAPABILITY_VERSION) {
		h.version = CAPABILITY_VERSION;
		if (user_write(address, &h, sizeof(h)) < 0)
			return -EFAULT;
		return probe ? 0 : -EINVAL;
	}
	if (h.pid && (uint32_t)h.pid != thread->pid &&
		(uint32_t)h.pid != thread->tid)
		return h.pid < 0 ? -EINVAL : -ESRCH;
	return 0;
}

/* The two halves of 64 capabilities. */
static int64_t
capabilities_own(struct capability_data *data)
{
	int64_t effective = id_get(EUID);
	uint64_t all = effective == 0 ? CAPABILITIES : 0;

	if (effective < 0)
		return effective;
	data[0] = (struct capability_data){(uint32_t)all, (uint32_t)all, 0};
	data[1] = (struct capability_data){
		(uint32_t)(all >> 32), (uint32_t)(all >> 32), 0};
	return 0;
}

int64_t
sys_capget(struct line_thread *thread, const uint64_t *args)
{
	struct capability_data data[2];
	int64_t result = capability_header(thread, args[0], !args[1]);

	if (result < 0 || !args[1])
		return result;
	result = capabilities_own(data);
	return result < 0 ? result : user_write(args[1], data, sizeof(data));
}

/* Only what is so already can be set. */
int64_t
sys_capset(struct line_thread *thread, const uint64_t *args)
{
	struct capability_data now[2], data[2];
	int64_t result = capability_header(thread, args[0], false);

	if (result == 0)
		result = capabilities_own(now);
	if (result < 0)
		return result;
	if (user_read(data, args[1], sizeof(data)) < 0)
		return -EFAULT;
	for (unsigned i = 0; i < 2; i++) {
		if (data[i].effective != now[i].effective ||
			data[i].permitted != now[i].permitted ||
			data[i].inheritable != now[i].inheritable)
			return -EPERM;
	}
	return 0;
}
