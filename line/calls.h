/* SPDX-License-Identifier: MIT */
/*
 * Every system call that the shim knows, named sys_<Linux name>. Arguments,
 * results and errors are those of Linux (man-pages, section 2); the table of
 * the architecture (arch/) binds numbers to them.
 */
#pragma once

#include "line.h"

/* call_process.c */
line_call sys_clone, sys_clone3, sys_execve, sys_execveat, sys_wait4,
	sys_waitid, sys_exit, sys_exit_group, sys_set_tid_address, sys_futex,
	sys_set_robust_list, sys_get_robust_list, sys_sched_yield, sys_getpid,
	sys_gettid, sys_getppid;

/* call_signal.c */
line_call sys_rt_sigaction, sys_rt_sigprocmask, sys_rt_sigpending,
	sys_rt_sigtimedwait, sys_rt_sigqueueinfo, sys_rt_tgsigqueueinfo,
	sys_rt_sigreturn, sys_rt_sigsuspend, sys_kill, sys_tkill, sys_tgkill,
	sys_sigaltstack;

/* call_file.c: descriptors and bytes */
line_call sys_openat, sys_openat2, sys_close, sys_close_range, sys_read,
	sys_write, sys_readv, sys_writev, sys_pread64, sys_pwrite64, sys_preadv,
	sys_pwritev, sys_preadv2, sys_pwritev2, sys_lseek, sys_sendfile,
	sys_splice, sys_copy_file_range;

/* call_descriptor.c: what is done to open files */
line_call sys_dup, sys_dup3, sys_fcntl, sys_ioctl, sys_flock, sys_pipe2,
	sys_fsync, sys_fdatasync, sys_sync, sys_syncfs, sys_sync_file_range,
	sys_fallocate, sys_ftruncate, sys_fadvise64, sys_readahead,
	sys_getdents64, sys_memfd_create;

/* call_path.c: names */
line_call sys_mkdirat, sys_mknodat, sys_unlinkat, sys_symlinkat, sys_linkat,
	sys_renameat2, sys_readlinkat, sys_truncate, sys_faccessat,
	sys_faccessat2, sys_fchmod, sys_fchmodat, sys_fchmodat2, sys_fchown,
	sys_fchownat, sys_utimensat, sys_chdir, sys_fchdir, sys_chroot,
	sys_getcwd, sys_umask, sys_mount, sys_umount2;

/* call_stat.c: attributes */
line_call sys_newfstatat, sys_fstat, sys_statx, sys_statfs, sys_fstatfs;

/* call_attribute.c: extended attributes */
line_call sys_setxattr, sys_lsetxattr, sys_fsetxattr, sys_getxattr,
	sys_lgetxattr, sys_fgetxattr, sys_listxattr, sys_llistxattr,
	sys_flistxattr, sys_removexattr, sys_lremovexattr, sys_fremovexattr;

/* call_poll.c */
line_call sys_poll, sys_ppoll, sys_select, sys_pselect6, sys_epoll_create1,
	sys_epoll_ctl, sys_epoll_pwait, sys_epoll_pwait2, sys_eventfd2,
	sys_timerfd_create, sys_timerfd_settime;

/* call_memory.c */
line_call sys_brk, sys_mmap, sys_munmap, sys_mprotect, sys_mremap, sys_madvise,
	sys_msync, sys_mlock, sys_mlock2, sys_munlock;

/* call_time.c */
line_call sys_clock_gettime, sys_clock_settime, sys_clock_getres,
	sys_clock_nanosleep, sys_nanosleep, sys_gettimeofday, sys_settimeofday,
	sys_times, sys_getitimer, sys_setitimer, sys_getrusage;

/* call_identity.c */
line_call sys_getuid, sys_geteuid, sys_getgid, sys_getegid, sys_getresuid,
	sys_getresgid, sys_setuid, sys_setgid, sys_setreuid, sys_setregid,
	sys_setresuid, sys_setresgid, sys_setfsuid, sys_setfsgid, sys_getgroups,
	sys_setgroups, sys_setpgid, sys_getpgid, sys_setsid, sys_getsid,
	sys_prlimit64, sys_getrlimit, sys_setrlimit, sys_capget, sys_capset;

/* call_schedule.c */
line_call sys_setpriority, sys_getpriority, sys_sched_setparam,
	sys_sched_getparam, sys_sched_setscheduler, sys_sched_getscheduler,
	sys_sched_setaffinity, sys_sched_getaffinity,
	sys_sched_get_priority_max, sys_sched_get_priority_min;

/* call_misc.c */
line_call sys_uname, sys_sysinfo, sys_getrandom, sys_getcpu, sys_personality,
	sys_prctl, sys_unshare, sys_not_permitted, sys_restart_syscall;

/* arch/ */
line_call sys_riscv_flush_icache;
