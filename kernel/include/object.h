/* SPDX-License-Identifier: MIT
 *
 * What all kernel objects have in common: a header that counts their
 * capabilities, and a class that says how big they are, how to set them up,
 * which methods they answer, and how they die.
 *
 * An object lives while a capability names it. When the last one goes it
 * joins the list of the dying; object_reap() finishes those step by step, so
 * that a CNode full of CNodes is neither recursion nor one long step.
 *
 *   alive --last capability--> dying --destroy() returns true--> memory
 */
#pragma once

#include "cap.h"
#include "status.h"

/* First member of every object, which is aligned to 32 bytes. The low bits of
 * both 64-bit words stay 0 in a VSpace: see vspace.h. */
struct object {
	uint16_t zero;
	uint8_t type;
	uint8_t dying;
	uint32_t caps;	 /* capabilities that name it */
	uint32_t cursor; /* how far its destruction came; even in a VSpace */
	uint32_t next_dying; /* reference, 0 at the end */
};

_Static_assert(sizeof(struct object) == 16, "two words");

struct invocation;

/* The number of a method in its object's table, out of its label. */
#define METHOD(label) ((label)&0xffff)

/* One method. `words` is the exact length of its message; with `open`, the
 * least. Handlers: see invoke.h. */
struct method {
	status_t (*run)(struct invocation *in);
	uint8_t words;
	bool open;
	uint8_t rights; /* that the invoked capability must carry */
};

struct object_class {
	const char *name;
	const struct method *methods; /* by number; a hole has no run */
	unsigned method_count;
	/* Retype: size in bytes and alignment of one object, 0 where it
	 * depends or where it cannot be retyped. */
	uint32_t size;
	uint32_t align; /* a power of two, at least 32 */
	/* Set up the zeroed memory of a new object; the header is done. */
	void (*init)(struct object *object);
	/* One bounded step of its end; true when nothing refers to it any
	 * more. May delete slots. NULL when there is nothing to do. */
	bool (*destroy)(struct object *object);
};

/* Classes by object number; a hole is NULL. The table is in invoke.c. */
#define OBJECT_CLASSES 18
extern const struct object_class *const object_classes[OBJECT_CLASSES];

/* Each in the file of its object. */
extern const struct object_class untyped_class, cnode_class, frame_class,
	table_class, vspace_class, thread_class, endpoint_class,
	notification_class, reply_class, interrupt_control_class,
	interrupt_class, timer_class, console_class, power_class,
	io_port_control_class, io_port_class;

/* Write the header of a new object in zeroed memory and call its init. */
void object_create(unsigned type, struct object *object);

/* One capability more, or one less, names what `cap` names. */
void object_get(const struct cap *cap);
void object_put(const struct cap *cap);

/* Whether there are any, and finish the dying. RESTART when a bounded number
 * of steps did not do. Whoever may have dropped a last capability calls it;
 * what is left over is done by the next invocation of anybody. */
extern uint32_t object_dying; /* reference of the first; only to be read */

static inline bool
object_any_dying(void)
{
	return object_dying != 0;
}

status_t object_reap(void);
