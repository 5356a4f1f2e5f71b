/* SPDX-License-Identifier: MIT */
/* Clone writes thread numbers where told, and clears them with a wake. */
#include "check.h"
#include <linux/futex.h>
#include <sched.h>

static int parent_tid, child_tid = -1;
static char stack[65536] __attribute__((aligned(16)));

static int
child(void *arg)
{
	(void)arg;
	usleep(50000);
	return 0;
}

int
main(void)
{
	pid_t pid = clone(child, stack + sizeof stack,
		CLONE_VM | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID |
			CLONE_CHILD_CLEARTID | SIGCHLD,
		NULL, &parent_tid, NULL, &child_tid);

	printf("parent %d\n", parent_tid == pid);
	while (__atomic_load_n(&child_tid, __ATOMIC_SEQ_CST) != 0)
		syscall(SYS_futex, &child_tid, FUTEX_WAIT, pid, NULL);
	printf("cleared %d\n", child_tid);
	child_show("child", pid);
	return 0;
}
