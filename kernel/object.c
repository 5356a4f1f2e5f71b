/* SPDX-License-Identifier: MIT
 *
 * Life and death of objects (object.h): the counts, and the queue of the
 * dying. An object stays at the head of the queue until its class says that
 * it is finished; what dies meanwhile joins at the tail.
 */
#include "object.h"
#include "work.h"

/* Types whose capabilities name an object with a header. */
#define COUNTED                                                        \
	(1u << OBJECT_CNODE | 1u << OBJECT_VSPACE | 1u << OBJECT_TCB | \
		1u << OBJECT_ENDPOINT | 1u << OBJECT_NOTIFICATION |    \
		1u << OBJECT_INTERRUPT | 1u << OBJECT_TIMER)

/* Steps that one call of a destroy function is taken for. */
#define DESTROY_COST 32

uint32_t object_dying;
static uint32_t dying_last;

static bool
is_counted(const struct cap *cap)
{
	return COUNTED >> cap_type(cap) & 1;
}

void
object_create(unsigned type, struct object *object)
{
	object->type = type;
	if (object_classes[type]->init)
		object_classes[type]->init(object);
}

void
object_get(const struct cap *cap)
{
	if (is_counted(cap))
		++((struct object *)cap_object(cap))->caps;
}

void
object_put(const struct cap *cap)
{
	struct object *object, *last;

	if (!is_counted(cap))
		return;
	object = cap_object(cap);
	if (--object->caps != 0 || object->dying)
		return;
	object->dying = 1;
	last = ref_pointer(dying_last);
	if (dying_last)
		last->next_dying = ref_of(object);
	else
		object_dying = ref_of(object);
	dying_last = ref_of(object);
}

static void
dying_pop(struct object *object)
{
	object_dying = object->next_dying;
	if (!object_dying)
		dying_last = 0;
	object->next_dying = 0;
}

status_t
object_reap(void)
{
	unsigned steps = 0;

	while (object_dying) {
		struct object *object = ref_pointer(object_dying);
		const struct object_class *class = object_classes[object->type];

		if (!class->destroy || class->destroy(object))
			dying_pop(object);
		if (object_dying && work_should_stop(&steps, DESTROY_COST))
			return STATUS_RESTART;
	}
	return STATUS_OK;
}
