/* SPDX-License-Identifier: MIT
 *
 * The life of a thread (thread.h): what it holds, how it is stopped, how it
 * ends. The methods of the TCB object are in thread_methods.c.
 */
#include "thread.h"
#include "console.h"
#include "endpoint.h"
#include "notification.h"
#include "page_info.h"
#include "processor.h"
#include "reply.h"
#include "sched.h"
#include "utcb.h"
#include "vspace.h"

#include <string.h>

bool
thread_in_window(const struct thread *thread)
{
	return thread_is_redirected(thread) &&
		context_pc(&thread->context) - thread->redirect_start <
		thread->redirect_size;
}

void
thread_set_result(struct thread *thread, status_t status)
{
	context_set_status(&thread->context, status);
	context_set_info(&thread->context, info_make((uint32_t)status, 0));
}

void
thread_unblock(struct thread *thread)
{
	switch (thread->state) {
	case THREAD_READY:
		sched_remove(thread);
		break;
	case THREAD_CALLING:
	case THREAD_RECEIVING:
		endpoint_cancel(thread);
		thread->state = THREAD_READY;
		break;
	case THREAD_WAITING:
		notification_cancel(thread);
		thread->state = THREAD_READY;
		break;
	case THREAD_CALLED:
		reply_forget(thread);
		thread->state = THREAD_READY;
		break;
	}
	thread->flags &= ~(THREAD_FAULTING | THREAD_CANCELLED | THREAD_NOTICE);
}

/* A thread that was not marked may have a UTCB whose page is used otherwise
 * by now. */
void
thread_clear_sticky(struct thread *thread)
{
	if (!(thread->flags & THREAD_STICKY))
		return;
	thread->flags &= ~THREAD_STICKY;
	if (thread->utcb)
		context_clear_sticky(thread->utcb);
}

void
thread_stop(struct thread *thread)
{
	thread_unblock(thread);
	thread_clear_sticky(thread);
	thread->state = THREAD_INACTIVE;
	thread->flags &= ~THREAD_SUSPENDED;
}

void
thread_enter_signal(struct thread *thread)
{
	struct trap_context *context = &thread->context;

	memcpy(thread->utcb->context, context_registers_of(context),
		CONTEXT_REGISTERS * sizeof(uint64_t));
	context_set_pc(context, thread->redirect_signal);
	context_set_scratch(context, thread->utcb_user);
}

void
thread_leave_upcall(struct thread *thread)
{
	context_leave_upcall(&thread->context, thread->utcb);
}

void
thread_fp_release(struct thread *thread)
{
	struct processor *processor = processor_self();

	if (!thread || processor->fp_owner != thread)
		return;
	fp_save(&thread->fp);
	context_fp_set(&thread->context, false);
	processor->fp_owner = NULL;
}

void
thread_hold(struct slot *to, struct slot *from)
{
	(void)slot_copy(to, from, CAP_ALL);
	slot_set_in_thread(to);
}

void
thread_set_utcb(struct thread *thread, struct slot *frame, uint64_t offset,
	uaddr_t address)
{
	pfn_t page = cap_page(&frame->cap) + (offset >> PAGE_SHIFT);

	thread_hold(&thread->utcb_frame, frame);
	page_get(page);
	thread->utcb = phys_to_virt(
		paddr_make((page << PAGE_SHIFT) + (offset & PAGE_MASK)));
	thread->utcb_user = address.value;
}

static void
utcb_release(struct thread *thread)
{
	if (!thread->utcb)
		return;
	page_put(paddr_page(virt_to_phys(thread->utcb)));
	thread->utcb = NULL;
	thread->redirect_size = UINT64_MAX;
	thread->redirect_start = 0;
}

/* Without its address space or its UTCB a thread cannot go on; without
 * another capability it finds out itself. */
void
thread_slot_lost(struct slot *slot)
{
	struct thread *thread =
		(struct thread *)((uintptr_t)slot & ~(THREAD_SIZE - 1UL));
	struct notification *notification;

	if (slot == &thread->notification) {
		notification = cap_object(&slot->cap);
		notification->bound = NULL;
	} else if (slot == &thread->utcb_frame) {
		utcb_release(thread);
		thread_stop(thread);
	} else if (slot == &thread->vspace) {
		thread_stop(thread);
	}
}

static void
thread_init(struct object *object)
{
	struct thread *thread = container_of(object, struct thread, object);

	context_init(&thread->context, uaddr_make(0), uaddr_make(0));
	context_bind(&thread->context, processor_self());
	fp_init(&thread->fp);
	thread->redirect_size = UINT64_MAX;
	thread->policy = THREAD_ROUND_ROBIN;
	thread->slice = clock_from_us(THREAD_SLICE_US);
	thread->slice_left = thread->slice;
	thread->affinity = 1;
}

/* One step. The slots are copies without children of their own, so that each
 * is gone at once. */
static bool
thread_destroy(struct object *object)
{
	struct thread *thread = container_of(object, struct thread, object);
	struct processor *processor = processor_self();

	thread_stop(thread);
	(void)slot_delete(&thread->cspace);
	(void)slot_delete(&thread->vspace);
	(void)slot_delete(&thread->utcb_frame);
	(void)slot_delete(&thread->fault);
	(void)slot_delete(&thread->notification);
	if (processor->fp_owner == thread)
		processor->fp_owner = NULL;
	sched_forget(thread);
	return true;
}

const struct object_class thread_class = {
	.name = "TCB",
	.methods = thread_methods,
	.method_count = METHOD(TCB_INFO) + 1,
	.size = THREAD_SIZE,
	.align = THREAD_SIZE,
	.init = thread_init,
	.destroy = thread_destroy,
};
