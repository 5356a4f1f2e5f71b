/* SPDX-License-Identifier: MIT */
/*
 * What every C case of the differential suite uses to say what a call did:
 * the expression itself, its result, and the name of errno where it failed.
 * Nothing here judges; the same output on Linux and on Glenda is the verdict.
 */
#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Print "TEXT = RESULT", or "TEXT = -1 ENAME" when the call failed. */
static inline void
result_show(const char *text, long result)
{
	int error = errno;

	if (result == -1)
		printf("%s = -1 %s\n", text, strerrorname_np(error));
	else
		printf("%s = %ld\n", text, result);
}

/* A call that returns -1 and errno, shown with its own text. */
#define SHOW(call) result_show(#call, (long)(call))

/* A call whose good result must not be shown (an address, a descriptor). */
#define SHOW_OK(call) result_show(#call, (long)(call) == -1 ? -1 : 0)

/* A call that must work for the case to make sense. */
#define NEED(call)                                                         \
	do {                                                               \
		if ((long)(call) == -1) {                                  \
			printf("%s: %s\n", #call, strerrorname_np(errno)); \
			exit(1);                                           \
		}                                                          \
	} while (0)

/* Wait for one child and show how it ended, by name. */
static inline void
child_show(const char *text, pid_t pid)
{
	int status = 0;

	if (waitpid(pid, &status, 0) != pid)
		printf("%s: waitpid %s\n", text, strerrorname_np(errno));
	else if (WIFSIGNALED(status))
		printf("%s: signal %d\n", text, WTERMSIG(status));
	else
		printf("%s: exit %d\n", text, WEXITSTATUS(status));
}
