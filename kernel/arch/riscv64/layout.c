/* SPDX-License-Identifier: MIT
 *
 * Holds machine/offsets.h, which assembly uses, to the structures of C.
 */
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
CHECK(THREAD_FLAGS, thread, flags);
CHECK(UTCB_SAVE_NUMBER, utcb, save_number);
CHECK(UTCB_SAVE_PC, utcb, save_pc);
CHECK(UTCB_SAVE_SP, utcb, save_sp);
CHECK(UTCB_SAVE_SCRATCH, utcb, save_scratch);
