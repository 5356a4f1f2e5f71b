/* SPDX-License-Identifier: MIT */
/*
 * The rules of POSIX about process groups, sessions, credentials and signals,
 * as functions of what is known about the processes concerned. Results are 0
 * or a positive errno of Linux (man-pages, section 2: setpgid, setsid, kill,
 * setresuid and so on).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
	TUX_EPERM = 1,
	TUX_ESRCH = 3,
	TUX_EACCES = 13,
	TUX_EINVAL = 22,
};

#define ID_KEEP UINT32_MAX

/* Real, effective and saved id. */
struct ids {
	uint32_t real;
	uint32_t effective;
	uint32_t saved;
};

/* What Factotum's tags say of a process. group 0: no Linux process. */
struct subject {
	uint32_t pid;
	uint32_t ppid;
	uint32_t group;
	uint32_t session;
	uint32_t execs;
};

/* setpgid(target, group) by `caller`; group is not 0 here. */
int rule_setpgid(const struct subject *caller, const struct subject *target,
		 uint32_t group, bool group_in_session);

/* setsid by `caller`. */
int rule_setsid(const struct subject *caller);

/* May someone with these ids signal a process with those? */
int rule_kill(const struct ids *sender, const struct ids *target,
	      bool continues, bool same_session);

/* setuid and setgid; `privileged`: the effective user is root. */
int rule_set(struct ids *ids, uint32_t id, bool privileged);

/* setreuid and setregid. */
int rule_setre(struct ids *ids, uint32_t real, uint32_t effective,
	       bool privileged);

/* setresuid and setresgid. */
int rule_setres(struct ids *ids, const struct ids *wanted, bool privileged);
