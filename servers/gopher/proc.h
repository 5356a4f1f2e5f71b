/* SPDX-License-Identifier: MIT */
/*
 * /proc.  Its nodes are made up by each lookup and go with the call unless
 * somebody opens them; the text of a file is made when it is opened.
 */
#pragma once

#include <stdint.h>

#include "node.h"

enum proc_kind {
	PROC_ROOT,
	PROC_PROCESS,
	PROC_DESCRIPTORS,
	PROC_TASKS,
	PROC_SYS,
	PROC_SYS_KERNEL,
	/* links */
	PROC_SELF,
	PROC_MOUNTS_LINK,
	PROC_EXE,
	PROC_CWD,
	PROC_ROOT_LINK,
	PROC_DESCRIPTOR,
	/* texts of the system */
	PROC_MEMINFO,
	PROC_STAT,
	PROC_UPTIME,
	PROC_LOADAVG,
	PROC_CPUINFO,
	PROC_VERSION,
	PROC_FILESYSTEMS,
	PROC_CMDLINE,
	PROC_HOSTNAME,
	PROC_OSTYPE,
	PROC_OSRELEASE,
	PROC_PID_MAX,
	/* texts of a process */
	PROC_PID_STAT,
	PROC_PID_STATUS,
	PROC_PID_STATM,
	PROC_PID_CMDLINE,
	PROC_PID_COMM,
	PROC_PID_MAPS,
	PROC_PID_MOUNTS,
	PROC_PID_MOUNTINFO,
};

/* The root folder, with a reference that is never dropped. */
struct node *proc_root(void);

/* Text that grows; `failed` once memory was short. */
struct text {
	char *bytes;
	size_t length;
	size_t room;
	bool failed;
};

__attribute__((format(printf, 2, 3))) void text_add(
	struct text *text, const char *format, ...);
void text_add_bytes(struct text *text, const void *bytes, size_t length);

/* The text of a kind, for the session that asks and the process meant. */
status_t proc_text(enum proc_kind kind, uint32_t pid, struct session *asking,
	struct text *out);
