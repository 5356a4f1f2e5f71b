/* SPDX-License-Identifier: MIT */
/*
 * The fault handler of every process (rows F2, F6). The kernel calls in the
 * thread's name through a capability that only it has. A page that may be
 * there is brought; in the shim's window the fault becomes its fix-up; in a
 * Linux program a signal; a native ends with a report.
 */
#include "handlers.h"
#include "ids.h"
#include "registers.h"
#include "report.h"
#include "signals.h"
#include "supply.h"
#include "trace.h"

#include <glenda/kernel_calls.h>

#define BADGE_KIND_FAULT 15

enum {
	CODE_SEGMENT_UNMAPPED = 1,
	CODE_SEGMENT_FORBIDDEN = 2,
	CODE_BUS_ALIGNMENT = 1,
	CODE_BUS_ADDRESS = 2,
	CODE_TRAP_BREAKPOINT = 1,
	CODE_DIVISION = 1,
	CODE_KERNEL = 0x80, /* no more is known */
};

static void
nowhere(struct signal_info *info)
{
	info->info = CODE_KERNEL;
	info->value = 0;
}

static struct signal_info
signal_of(const struct fault_report *fault, status_t why)
{
	struct signal_info info = {.value = fault->address};

	switch (fault->label) {
	case FAULT_ILLEGAL:
	case FAULT_SYSCALL:
		info.signal = SIGNAL_ILLEGAL;
		info.info = ARCH_CODE_ILLEGAL;
		info.value = fault->pc;
		break;
	case FAULT_BREAKPOINT:
		info.signal = SIGNAL_TRAP;
		info.info = CODE_TRAP_BREAKPOINT;
		info.value = fault->pc;
		if (!ARCH_BREAKPOINT_HAS_ADDRESS)
			nowhere(&info);
		break;
	case FAULT_ALIGNMENT:
		info.signal = SIGNAL_BUS;
		info.info = CODE_BUS_ALIGNMENT;
		break;
	case FAULT_BUS:
		info.signal = SIGNAL_BUS;
		info.info = CODE_BUS_ADDRESS;
		break;
	case FAULT_ARITHMETIC:
		info.signal = SIGNAL_ARITHMETIC;
		info.info = CODE_DIVISION;
		info.value = fault->pc;
		break;
	default:
		info.signal = SIGNAL_SEGMENT;
		if (!arch_fault_has_address(fault->cause)) {
			nowhere(&info);
			break;
		}
		info.info = why == (status_t)ACCESS_NO_AREA
			? CODE_SEGMENT_UNMAPPED
			: CODE_SEGMENT_FORBIDDEN;
		if (why != (status_t)ACCESS_BEYOND)
			break;
		info.signal = SIGNAL_BUS;
		info.info = CODE_BUS_ADDRESS;
	}
	return info;
}

static bool
in_window(const struct process *process, vaddr_t pc)
{
	return process->attached && pc >= process->redirect.start &&
		pc < process->redirect.end;
}

/* Nothing can be brought: the thread learns it, or its process ends. */
static status_t
fail(struct thread *thread, const struct fault_report *fault, status_t why,
	struct answer *answer)
{
	struct process *process = thread->process;
	struct signal_info info = signal_of(fault, why);

	if (why == STATUS_NO_MEMORY) {
		info.signal = SIGNAL_KILL;
		signal_post(process, &info);
		return FAULT_ANSWER_SUSPEND;
	}
	if (in_window(process, fault->pc)) {
		answer->words[0] = process->redirect.fixup;
		answer->word_count = 1;
		return FAULT_ANSWER_RESUME_AT;
	}
	if (process->attached)
		return signal_fault(thread, &info) ? FAULT_ANSWER_SIGNAL
						   : FAULT_ANSWER_SUSPEND;
	report_fault(thread, fault);
	process->detail = fault->label & 0xffff;
	process_end(process, FACTOTUM_STATE_FAULTED, info.signal);
	return FAULT_ANSWER_SUSPEND;
}

static status_t
serve(struct thread *thread, struct request *request,
	const struct fault_report *fault)
{
	const uint64_t puid = thread->process->puid;
	struct space *space = thread->process->space;
	status_t status = space_fault(space, fault->address, fault->access);

	/* It may have been the one that had to go: its space went, too. */
	while (status == STATUS_NO_MEMORY && process_make_room(puid))
		status = space_fault(space, fault->address, fault->access);
	if (status == STATUS_NOT_READY && thread->failed_page == space->missing)
		status = ACCESS_BEYOND;
	else if (status == STATUS_NOT_READY)
		return supply_wait(thread, request, NULL);
	return status;
}

status_t
faults_dispatch(const void *ops, void *context, struct request *request)
{
	const uint64_t *words = request->message.words;
	const struct fault_report fault = {
		.label = message_label(request->message.info),
		.address = words[0],
		.pc = words[1],
		.access = (unsigned)words[2],
		.cause = words[3],
		.sp = words[4],
	};
	struct thread *thread;
	status_t status = STATUS_FAULT;

	(void)ops;
	(void)context;
	if (request->badge >> 60 != BADGE_KIND_FAULT || request->tag >= 65536)
		return STATUS_INVALID_CAP;
	thread = id_thread((uint32_t)request->tag);
	if (!thread || thread->process->zombie || !thread->process->space)
		return FAULT_ANSWER_SUSPEND;
	process_charge(thread->process);
	if (trace_is_call(thread->process, &fault)) {
		trace_call(thread);
		return FAULT_ANSWER_RESUME;
	}
	if (fault.label == FAULT_PAGE)
		status = serve(thread, request, &fault);
	/* To find memory its own process may have been ended. */
	thread = id_thread((uint32_t)request->tag);
	if (thread && thread->process->debug)
		trace_fault(thread, &fault, status);
	if (status == SERVER_PARKED)
		return status;
	if (thread)
		thread->failed_page = 0;
	if (status >= 0)
		return FAULT_ANSWER_RESUME;
	if (!thread || thread->process->zombie)
		return FAULT_ANSWER_SUSPEND;
	return fail(thread, &fault, status, &request->answer);
}
