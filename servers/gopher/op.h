/* SPDX-License-Identifier: MIT */
/*
 * The handlers of Gopher's messages, one per entry of proto/gopher.toml.
 * Each reads its words from the call, leaves results there, and returns a
 * status or CALL_PARKED.  A handler that was parked runs again from the
 * start (call.h).  dispatch.c has checked the numbers of words and leases.
 */
#pragma once

#include "call.h"
#include "file.h"
#include "path.h"
#include "session.h"

/* The open file of a descriptor, or NULL (EBADF). */
static inline struct file *
op_file(struct call *call, uint64_t fd)
{
	return descriptors_find(call->session->descriptors, (uint32_t)fd);
}

static inline int
op_result(struct call *call, uint64_t value)
{
	call->out[0] = value;
	call->out_count = 1;
	return 0;
}

/*
 * Whether the caller is a service or a process that one of them started and
 * that has run no program of its own yet: Factotum counts those that it, or
 * whom it was forked from, has run.  Having no session says nothing: who
 * leaves out the claim after a fork has none either.
 */
bool op_from_service(const struct call *call);

/* Put a fresh file at the lowest number; it is let go when that fails. */
int op_install(struct call *call, struct file *file, uint32_t flags);

/* The place that dirfd and a path (with or without AT flags) mean. */
status_t op_target(struct call *call, uint64_t dirfd, uint64_t length,
	uint64_t flags, struct walk *out);

/*
 * Make the node that the walk ended before; it is the caller's, and charged to
 * its quota.
 */
status_t op_make_node(
	struct call *call, struct walk *walk, uint32_t mode, struct node **out);

/* op_session.c */
int op_attach(struct call *call);
int op_snapshot(struct call *call);
int op_claim(struct call *call);
int op_exec(struct call *call);
int op_chdir(struct call *call);
int op_chroot(struct call *call);
int op_getcwd(struct call *call);
int op_umask(struct call *call);
int op_mount(struct call *call);
int op_unmount(struct call *call);
int op_sync_credentials(struct call *call);
int op_set_groups(struct call *call);
int op_get_groups(struct call *call);
int op_tty_watch(struct call *call);
int op_tty_fetch(struct call *call);
int op_add_tty(struct call *call);
int op_limit_files(struct call *call);
int op_limit_size(struct call *call);

/* op_open.c */
int op_open(struct call *call);
int op_close(struct call *call);
int op_dup(struct call *call);
int op_pipe(struct call *call);
int op_fcntl(struct call *call);
int op_object(struct call *call);
int op_memory_file(struct call *call);

/* op_io.c */
int op_read(struct call *call);
int op_write(struct call *call);
int op_seek(struct call *call);
int op_getdents(struct call *call);
int op_ioctl(struct call *call);
int op_sync(struct call *call);
int op_random(struct call *call);
int op_flock(struct call *call);
int op_allocate(struct call *call);
int op_splice(struct call *call);

/* op_name.c */
int op_make(struct call *call);
int op_unlink(struct call *call);
int op_rename(struct call *call);
int op_link(struct call *call);
int op_symlink(struct call *call);
int op_readlink(struct call *call);

/* op_attribute.c */
int op_stat(struct call *call);
int op_chmod(struct call *call);
int op_chown(struct call *call);
int op_utimens(struct call *call);
int op_truncate(struct call *call);
int op_access(struct call *call);
int op_statfs(struct call *call);

/* op_poll.c */
int op_poll(struct call *call);
int op_eventfd(struct call *call);
int op_epoll_create(struct call *call);
int op_epoll_control(struct call *call);
int op_epoll_wait(struct call *call);
int op_timerfd_create(struct call *call);
int op_timerfd_set(struct call *call);
