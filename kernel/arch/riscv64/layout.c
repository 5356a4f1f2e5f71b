/* SPDX-License-Identifier: MIT
 *
 * Holds machine/offsets.h, which assembly uses, to the structures of C.
 */
#include "endpoint.h"
#include "invoke.h"
#include "notification.h"
#include "processor.h"
#include "thread.h"
#include "utcb.h"

#include <machine/csr.h>
#include <machine/offsets.h>

#define CHECK(name, structure, field) \
	_Static_assert((name) == offsetof(struct structure, field), #name)

CHECK(CONTEXT, thread, context);
CHECK(CONTEXT_STATUS, thread, context.status);
CHECK(CONTEXT_STACK, thread, context.kernel_stack);
CHECK(CONTEXT_HANDLER, thread, context.handler);
CHECK(THREAD_REDIRECT_START, thread, redirect_start);
CHECK(THREAD_REDIRECT_SIZE, thread, redirect_size);
CHECK(THREAD_REDIRECT_UPCALL, thread, redirect_upcall);
CHECK(THREAD_UTCB, thread, utcb);
CHECK(THREAD_UTCB_USER, thread, utcb_user);
CHECK(CONTEXT_PROCESSOR, thread, context.processor);
CHECK(THREAD_STATE, thread, state);
CHECK(THREAD_FLAGS, thread, flags);
CHECK(THREAD_PRIORITY, thread, priority);
CHECK(THREAD_TOKEN, thread, token);
CHECK(THREAD_NEXT, thread, next);
CHECK(THREAD_PREV, thread, prev);
CHECK(THREAD_WAITING_ON, thread, waiting_on);
CHECK(THREAD_REPLY, thread, reply);
CHECK(THREAD_INFO, thread, info);
CHECK(THREAD_TAG, thread, tag);
CHECK(THREAD_CSPACE, thread, cspace);
CHECK(THREAD_NOTIFICATION, thread, notification);
CHECK(PROCESSOR_CURRENT, processor, current);
CHECK(PROCESSOR_OWNER, processor, owner);
CHECK(PROCESSOR_HIGHEST, processor, highest);
CHECK(PROCESSOR_LOADED, processor, token);
CHECK(ENDPOINT_HEAD, endpoint, head);
CHECK(ENDPOINT_TAIL, endpoint, tail);
CHECK(NOTIFICATION_BITS, notification, bits);
CHECK(NOTIFICATION_HEAD, notification, head);
CHECK(NOTIFICATION_BOUND, notification, bound);
CHECK(SLOT_META, slot, cap.meta);
CHECK(SLOT_BADGE, slot, cap.extra);
CHECK(UTCB_SAVE_NUMBER, utcb, save_number);
CHECK(UTCB_SAVE_PC, utcb, save_pc);
CHECK(UTCB_SAVE_SP, utcb, save_sp);
CHECK(UTCB_SAVE_SCRATCH, utcb, save_scratch);

CHECK(INVOCATION_SLOT, invocation, slot);
CHECK(INVOCATION_LABEL, invocation, label);
CHECK(INVOCATION_LENGTH, invocation, length);
CHECK(INVOCATION_WORD(0), invocation, words);
CHECK(INVOCATION_STATUS, invocation, status);
CHECK(INVOCATION_INFO, invocation, info);
_Static_assert(INVOCATION_SIZE >= sizeof(struct invocation) &&
		INVOCATION_SIZE % 16 == 0,
	"room on the stack");

_Static_assert(STATE_READY == THREAD_READY, "states");
_Static_assert(STATE_CALLED == THREAD_CALLED, "states");
_Static_assert(STATE_RECEIVING == THREAD_RECEIVING, "states");
_Static_assert(FLAG_FAULTING == THREAD_FAULTING, "flags");
_Static_assert(FAULT_ANSWER_RESUME == 0, "tested with bnez");
_Static_assert(THREAD_FLAGS == THREAD_STATE + 1, "read as one half word");
_Static_assert(REFERENCE_SHIFT == CAP_UNIT_SHIFT, "references");
_Static_assert(META_READ == CAP_READ << 8 && META_WRITE == CAP_WRITE << 8 &&
		META_RIGHTS_ALL == CAP_ALL << 8,
	"rights");
_Static_assert(PHYSICAL_MAP == -(UINT64_C(1) << 38), "-1 shifted by 38");
