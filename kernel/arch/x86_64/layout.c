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

#include <machine/memory.h>
#include <machine/offsets.h>

#define CHECK(name, structure, field) \
	_Static_assert((name) == offsetof(struct structure, field), #name)
#define CHECK_REGISTER(name, number) \
	_Static_assert((name) == CONTEXT + 8 * (number), #name)

CHECK(CONTEXT, thread, context);
CHECK_REGISTER(CONTEXT_IP, REGISTER_IP);
CHECK_REGISTER(CONTEXT_AX, REGISTER_AX);
CHECK_REGISTER(CONTEXT_BX, REGISTER_BX);
CHECK_REGISTER(CONTEXT_CX, REGISTER_CX);
CHECK_REGISTER(CONTEXT_DX, REGISTER_DX);
CHECK_REGISTER(CONTEXT_SI, REGISTER_SI);
CHECK_REGISTER(CONTEXT_DI, REGISTER_DI);
CHECK_REGISTER(CONTEXT_BP, REGISTER_BP);
CHECK_REGISTER(CONTEXT_SP, REGISTER_SP);
CHECK_REGISTER(CONTEXT_8, REGISTER_8);
CHECK_REGISTER(CONTEXT_9, REGISTER_9);
CHECK_REGISTER(CONTEXT_10, REGISTER_10);
CHECK_REGISTER(CONTEXT_11, REGISTER_11);
CHECK_REGISTER(CONTEXT_12, REGISTER_12);
CHECK_REGISTER(CONTEXT_13, REGISTER_13);
CHECK_REGISTER(CONTEXT_14, REGISTER_14);
CHECK_REGISTER(CONTEXT_15, REGISTER_15);
CHECK_REGISTER(CONTEXT_FLAGS, REGISTER_FLAGS);
CHECK_REGISTER(CONTEXT_FS, REGISTER_FS);
CHECK_REGISTER(CONTEXT_GS, REGISTER_GS);
CHECK(CONTEXT_STACK, thread, context.kernel_stack);
CHECK(CONTEXT_PROCESSOR, thread, context.processor);
CHECK(CONTEXT_FRAME, thread, context.frame);
CHECK(CONTEXT_FRAME_SP, thread, context.frame.sp);
CHECK(CONTEXT_WHOLE, thread, context.whole);
CHECK(CONTEXT_FP_ON, thread, context.fp_on);
CHECK(THREAD_REDIRECT_START, thread, redirect_start);
CHECK(THREAD_REDIRECT_SIZE, thread, redirect_size);
CHECK(THREAD_UTCB, thread, utcb);
CHECK(THREAD_UTCB_USER, thread, utcb_user);
CHECK(THREAD_STATE, thread, state);
CHECK(THREAD_FLAGS, thread, flags);
CHECK(THREAD_PRIORITY, thread, priority);
CHECK(THREAD_TOKEN, thread, token);
CHECK(THREAD_NEXT, thread, next);
CHECK(THREAD_PREV, thread, prev);
CHECK(THREAD_WAITING_ON, thread, waiting_on);
CHECK(THREAD_REPLY, thread, reply);
CHECK(THREAD_BADGE, thread, badge);
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
CHECK(UTCB_SAVE_PC, utcb, save_pc);

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
_Static_assert(FAULT_ANSWER_RESUME == 0, "tested with jnz");
_Static_assert(THREAD_FLAGS == THREAD_STATE + 1, "read as one half word");
_Static_assert(REFERENCE_SHIFT == CAP_UNIT_SHIFT, "references");
_Static_assert(META_READ == CAP_READ << 8 && META_WRITE == CAP_WRITE << 8 &&
		META_RIGHTS_ALL == CAP_ALL << 8,
	"rights");
_Static_assert(PHYSICAL_MAP == PHYSICAL_START, "the physical map");
