/* SPDX-License-Identifier: MIT */
/*
 * System calls that x86_64 has from before Linux had others that do the same
 * and more, and the few that are about the processor. Named as in calls.h.
 */
#pragma once

#include "line.h"

/* call_old.c */
line_call sys_open, sys_creat, sys_stat, sys_lstat, sys_access, sys_pipe,
	sys_dup2, sys_unlink, sys_rmdir, sys_mkdir, sys_mknod, sys_rename,
	sys_renameat, sys_link, sys_symlink, sys_readlink, sys_chmod, sys_chown,
	sys_lchown, sys_utime, sys_utimes, sys_futimesat, sys_getdents,
	sys_fork, sys_vfork, sys_getpgrp, sys_alarm, sys_pause, sys_time,
	sys_eventfd, sys_epoll_create, sys_epoll_wait;

/* call_arch.c */
line_call sys_arch_prctl;
