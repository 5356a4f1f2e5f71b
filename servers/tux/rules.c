/* SPDX-License-Identifier: MIT */
/*
 * The rules of POSIX that need no call to anybody.
 */
#include "rules.h"

int
rule_setpgid(const struct subject *caller, const struct subject *target,
	     uint32_t group, bool group_in_session)
{
	if (target->group == 0 ||
	    (target->pid != caller->pid && target->ppid != caller->pid))
		return TUX_ESRCH;
	if (target->pid != caller->pid) {
		if (target->session != caller->session)
			return TUX_EPERM;
		if (target->execs > caller->execs)
			return TUX_EACCES;
	}
	if (target->session == target->pid)
		return TUX_EPERM;
	if (group != target->pid && !group_in_session)
		return TUX_EPERM;
	return 0;
}

int
rule_setsid(const struct subject *caller)
{
	return caller->group == caller->pid ? TUX_EPERM : 0;
}

int
rule_kill(const struct ids *sender, const struct ids *target, bool continues,
	  bool same_session)
{
	if (sender->effective == 0 || (continues && same_session))
		return 0;
	if (sender->real == target->real || sender->real == target->saved ||
	    sender->effective == target->real ||
	    sender->effective == target->saved)
		return 0;
	return TUX_EPERM;
}

int
rule_set(struct ids *ids, uint32_t id, bool privileged)
{
	if (id == ID_KEEP)
		return TUX_EINVAL;
	if (privileged) {
		ids->real = id;
		ids->saved = id;
	} else if (id != ids->real && id != ids->saved) {
		return TUX_EPERM;
	}
	ids->effective = id;
	return 0;
}

int
rule_setre(struct ids *ids, uint32_t real, uint32_t effective,
	   bool privileged)
{
	struct ids next = *ids;

	if (real != ID_KEEP) {
		if (!privileged && real != ids->real &&
		    real != ids->effective)
			return TUX_EPERM;
		next.real = real;
	}
	if (effective != ID_KEEP) {
		if (!privileged && effective != ids->real &&
		    effective != ids->effective && effective != ids->saved)
			return TUX_EPERM;
		next.effective = effective;
	}
	if (real != ID_KEEP ||
	    (effective != ID_KEEP && effective != ids->real))
		next.saved = next.effective;
	*ids = next;
	return 0;
}

static bool
among(const struct ids *ids, uint32_t id)
{
	return id == ID_KEEP || id == ids->real || id == ids->effective ||
	       id == ids->saved;
}

int
rule_setres(struct ids *ids, const struct ids *wanted, bool privileged)
{
	if (!privileged &&
	    !(among(ids, wanted->real) && among(ids, wanted->effective) &&
	      among(ids, wanted->saved)))
		return TUX_EPERM;
	if (wanted->real != ID_KEEP)
		ids->real = wanted->real;
	if (wanted->effective != ID_KEEP)
		ids->effective = wanted->effective;
	if (wanted->saved != ID_KEEP)
		ids->saved = wanted->saved;
	return 0;
}
