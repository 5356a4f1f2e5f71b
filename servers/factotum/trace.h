/* SPDX-License-Identifier: MIT */
/*
 * What a process spawned with DEBUG does, in Factotum's log (row F8): each
 * fault and how it was served, each message to Factotum and its status, and of
 * a Linux process each system call. None of it is the process's own word.
 *
 * System calls are seen at the kernel's redirection: such a process has an
 * upcall where nothing can be mapped, so each of its calls is a fault, after
 * which it goes on at its shim's real entry.
 */
#pragma once

#include "handlers.h"
#include "report.h"

#define TRACE_UPCALL 0x10ul /* below USER_START */

/* The upcall that the kernel is told. */
static inline vaddr_t
trace_upcall(const struct process *process)
{
	return process->debug && process->attached ? TRACE_UPCALL
						   : process->redirect.upcall;
}

/* Is this fault the system call of a traced process? */
bool trace_is_call(
	const struct process *process, const struct fault_report *fault);

/* Print the call, and have the thread go on in its shim. */
void trace_call(struct thread *thread);

/* Print a fault and what became of it: a status, or an enum access_fault. */
void trace_fault(const struct thread *thread, const struct fault_report *fault,
	status_t status);

/* Something was spawned to be traced: messages are looked at from then on. */
extern bool trace_used;

/* factotum_dispatch, with a line for who is traced. */
status_t trace_dispatch(
	const void *ops, void *context, struct request *request);
