/* SPDX-License-Identifier: MIT */
/*
 * The table of messages.  `words` counts arguments and lease lengths as
 * proto/gopher.toml says; a message with inline bytes has eight.
 */
#include "dispatch.h"

#include <glenda/gopher.h>

#include "op.h"

enum entry_flag {
	ENTRY_INLINE = 1,     /* may carry inline bytes instead of a lease */
	ENTRY_NO_SESSION = 2, /* also for those that have no session */
};

struct entry {
	int (*handler)(struct call *call);
	uint8_t words;
	uint8_t leases_min;
	uint8_t leases_max;
	uint8_t flags;
};

#define ENTRY(message) [(message)&0xffff]

static const struct entry entries[] = {
	ENTRY(GOPHER_ATTACH) = {op_attach, 0, 0, 0, ENTRY_NO_SESSION},
	ENTRY(GOPHER_SNAPSHOT) = {op_snapshot, 1, 0, 0, 0},
	ENTRY(GOPHER_CLAIM) = {op_claim, 1, 0, 0, ENTRY_NO_SESSION},
	ENTRY(GOPHER_OPEN) = {op_open, 5, 1, 1, 0},
	ENTRY(GOPHER_CLOSE) = {op_close, 1, 0, 0, 0},
	ENTRY(GOPHER_READ) = {op_read, 4, 0, 1, 0},
	ENTRY(GOPHER_WRITE) = {op_write, 4, 0, 1, ENTRY_INLINE},
	ENTRY(GOPHER_SEEK) = {op_seek, 3, 0, 0, 0},
	ENTRY(GOPHER_STAT) = {op_stat, 4, 2, 2, 0},
	ENTRY(GOPHER_GETDENTS) = {op_getdents, 2, 1, 1, 0},
	ENTRY(GOPHER_PIPE) = {op_pipe, 1, 0, 0, 0},
	ENTRY(GOPHER_DUP) = {op_dup, 4, 0, 0, 0},
	ENTRY(GOPHER_FCNTL) = {op_fcntl, 4, 0, 1, 0},
	ENTRY(GOPHER_IOCTL) = {op_ioctl, 4, 0, 1, 0},
	ENTRY(GOPHER_POLL) = {op_poll, 2, 0, 1, 0},
	ENTRY(GOPHER_CHDIR) = {op_chdir, 2, 0, 1, 0},
	ENTRY(GOPHER_CHROOT) = {op_chroot, 1, 1, 1, 0},
	ENTRY(GOPHER_GETCWD) = {op_getcwd, 1, 1, 1, 0},
	ENTRY(GOPHER_MAKE) = {op_make, 4, 1, 1, 0},
	ENTRY(GOPHER_UNLINK) = {op_unlink, 3, 1, 1, 0},
	ENTRY(GOPHER_RENAME) = {op_rename, 5, 2, 2, 0},
	ENTRY(GOPHER_LINK) = {op_link, 5, 2, 2, 0},
	ENTRY(GOPHER_SYMLINK) = {op_symlink, 3, 2, 2, 0},
	ENTRY(GOPHER_READLINK) = {op_readlink, 3, 2, 2, 0},
	ENTRY(GOPHER_CHMOD) = {op_chmod, 4, 0, 1, 0},
	ENTRY(GOPHER_CHOWN) = {op_chown, 5, 0, 1, 0},
	ENTRY(GOPHER_UTIMENS) = {op_utimens, 5, 0, 1, 0},
	ENTRY(GOPHER_TRUNCATE) = {op_truncate, 3, 0, 1, 0},
	ENTRY(GOPHER_ACCESS) = {op_access, 4, 1, 1, 0},
	ENTRY(GOPHER_STATFS) = {op_statfs, 4, 2, 2, 0},
	ENTRY(GOPHER_UMASK) = {op_umask, 1, 0, 0, 0},
	ENTRY(GOPHER_OBJECT) = {op_object, 2, 0, 0, 0},
	ENTRY(GOPHER_EXEC) = {op_exec, 1, 0, 0, 0},
	ENTRY(GOPHER_SYNC) = {op_sync, 1, 0, 0, 0},
	ENTRY(GOPHER_FLOCK) = {op_flock, 2, 0, 0, 0},
	ENTRY(GOPHER_EVENTFD) = {op_eventfd, 2, 0, 0, 0},
	ENTRY(GOPHER_ALLOCATE) = {op_allocate, 4, 0, 0, 0},
	ENTRY(GOPHER_SPLICE) = {op_splice, 5, 0, 0, 0},
	ENTRY(GOPHER_TTY_WATCH) = {op_tty_watch, 0, 0, 0, ENTRY_NO_SESSION},
	ENTRY(GOPHER_TTY_FETCH) = {op_tty_fetch, 0, 0, 0, ENTRY_NO_SESSION},
	ENTRY(GOPHER_MOUNT) = {op_mount, 4, 2, 2, 0},
	ENTRY(GOPHER_UNMOUNT) = {op_unmount, 1, 1, 1, 0},
	ENTRY(GOPHER_ADD_TTY) = {op_add_tty, 2, 0, 0, ENTRY_NO_SESSION},
	ENTRY(GOPHER_LIMIT_FILES) = {op_limit_files, 1, 0, 0, 0},
	ENTRY(GOPHER_LIMIT_SIZE) = {op_limit_size, 1, 0, 0, 0},
	ENTRY(GOPHER_SYNC_CREDENTIALS) = {op_sync_credentials, 1, 0, 0,
		ENTRY_NO_SESSION},
	ENTRY(GOPHER_SET_GROUPS) = {op_set_groups, 2, 0, 1, ENTRY_NO_SESSION},
	ENTRY(GOPHER_GET_GROUPS) = {op_get_groups, 2, 0, 1, ENTRY_NO_SESSION},
	ENTRY(GOPHER_EPOLL_CREATE) = {op_epoll_create, 1, 0, 0, 0},
	ENTRY(GOPHER_EPOLL_CONTROL) = {op_epoll_control, 5, 0, 0, 0},
	ENTRY(GOPHER_EPOLL_WAIT) = {op_epoll_wait, 3, 1, 1, 0},
	ENTRY(GOPHER_TIMERFD_CREATE) = {op_timerfd_create, 2, 0, 0, 0},
	ENTRY(GOPHER_RANDOM) = {op_random, 1, 1, 1, 0},
	ENTRY(GOPHER_MEMORY_FILE) = {op_memory_file, 1, 0, 0, 0},
	ENTRY(GOPHER_TIMERFD_SET) = {op_timerfd_set, 3, 0, 0, 0},
};

static bool
shape_fits(const struct call *call, const struct entry *entry)
{
	if (call->word_count != entry->words &&
		!((entry->flags & ENTRY_INLINE) && call->word_count == 8))
		return false;
	return call->lease_count >= entry->leases_min &&
		call->lease_count <= entry->leases_max;
}

int
dispatch(struct call *call)
{
	uint32_t index = call->number - (GOPHER_PROTOCOL << 16);
	const struct entry *entry;

	if (call->number >> 16 != GOPHER_PROTOCOL)
		return STATUS_INVALID_PROTOCOL;
	if (index >= sizeof(entries) / sizeof(entries[0]) ||
		!entries[index].handler)
		return STATUS_INVALID_METHOD;
	entry = &entries[index];
	if (!shape_fits(call, entry))
		return STATUS_INVALID_METHOD;
	call->session = session_find(call->badge);
	if (!call->session && !(entry->flags & ENTRY_NO_SESSION))
		return STATUS_NOT_READY;
	call->handler = entry->handler;
	return entry->handler(call);
}
