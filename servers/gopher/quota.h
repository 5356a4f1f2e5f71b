/* SPDX-License-Identifier: MIT */
/*
 * Quotas: what the sessions of one process tree hold together.  Whoever
 * reaches a limit gets ENFILE, ENOSPC or EAGAIN; the others go on.  A quota
 * lives as long as a session, file, page or parked call is charged to it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct quota {
	uint32_t references;
	uint32_t files;
	uint32_t sessions;
	uint32_t parked;
	uint32_t groups; /* supplementary ones, in all lists */
	uint64_t pipe_pages;
};

enum {
	QUOTA_FILES = 16384,
	QUOTA_SESSIONS = 4096,
	QUOTA_PARKED = 202, /* of about 207 reply slots */
	QUOTA_GROUPS = 8 * 65536,
	QUOTA_PIPE_PAGES = 4096,
};

/* A fresh quota with one reference, or NULL. */
struct quota *quota_create(void);
void quota_get(struct quota *quota);
void quota_put(struct quota *quota);
