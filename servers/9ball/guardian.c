/* SPDX-License-Identifier: MIT */
/*
 * Factotum's fault handler. A fault of Factotum cannot be repaired: the thread
 * says what happened, dumps the log, and switches the machine off with the
 * status that means that the system itself failed.
 */
#include "guardian.h"

#include <boot_info.h>
#include <glenda/kernel_calls.h>
#include <glenda/syscall.h>

#include "bringup.h"
#include "image.h"
#include "own.h"
#include "report.h"

#define STACK_PAGES 4
#define PRIORITY 201
#define SLICE_US 10000
#define BADGE_FACTOTUM 1

static cptr_t endpoint;

static const char *
kind_name(uint32_t kind)
{
	switch (kind) {
	case FAULT_PAGE:
		return "page fault";
	case FAULT_ILLEGAL:
		return "illegal instruction";
	case FAULT_BREAKPOINT:
		return "breakpoint";
	case FAULT_ALIGNMENT:
		return "misaligned access";
	case FAULT_BUS:
		return "bus error";
	default:
		return "fault";
	}
}

static _Noreturn void
guardian_run(void)
{
	struct message message = {0};
	struct sender sender;
	uint64_t offset = 0;
	const char *symbol;

	syscall_receive(SYSCALL_RECV, endpoint, own_slot(), &message, &sender);
	symbol = factotum_symbol(message.words[1], &offset);
	report_panic("factotum died: %s at %#lx (access %lu), pc %#lx in "
		     "%s+%#lx, sp %#lx",
		kind_name(message_label(message.info)),
		(unsigned long)message.words[0],
		(unsigned long)message.words[2],
		(unsigned long)message.words[1], symbol, (unsigned long)offset,
		(unsigned long)message.words[4]);
}

cptr_t
guardian_start(void)
{
	cptr_t tcb = own_object(OBJECT_TCB, 0);
	cptr_t frame = own_object(OBJECT_FRAME, STACK_PAGES + 1);
	char *view;
	vaddr_t utcb;

	endpoint = own_object(OBJECT_ENDPOINT, 0);
	if (!tcb || !frame || !endpoint)
		return 0;
	view = own_view(frame, 0, STACK_PAGES + 1, RIGHT_READ | RIGHT_WRITE);
	if (!view)
		return 0;
	utcb = (uintptr_t)view + STACK_PAGES * PAGE_BYTES;
	((struct utcb *)utcb)->user[UTCB_USER_SELF] = utcb;
	if (tcb_configure(tcb, BOOT_SLOT_CNODE, BOOT_SLOT_VSPACE, frame,
		    STACK_PAGES * PAGE_BYTES, utcb, 0, 1) < 0 ||
		tcb_set_schedule(tcb, 0, PRIORITY, SLICE_US, 1) < 0 ||
		image_registers(tcb, (uintptr_t)guardian_run, utcb, 0, utcb) <
			0 ||
		tcb_resume(tcb) < 0)
		return 0;
	return own_mint(endpoint, RIGHT_WRITE | RIGHT_GRANT, BADGE_FACTOTUM);
}
