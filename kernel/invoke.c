/* SPDX-License-Identifier: MIT
 *
 * From a capability and a label to the handler; interface in invoke.h. To add
 * a method is one entry in abi/kernel.toml, one line in its object's table
 * and the handler.
 */
#include "invoke.h"
#include "cnode.h"

const struct object_class *const object_classes[OBJECT_CLASSES] = {
	[OBJECT_UNTYPED] = &untyped_class,
	[OBJECT_CNODE] = &cnode_class,
	[OBJECT_FRAME] = &frame_class,
	[OBJECT_PAGE_TABLE] = &table_class,
	[OBJECT_VSPACE] = &vspace_class,
	[OBJECT_TCB] = &thread_class,
	[OBJECT_ENDPOINT] = &endpoint_class,
	[OBJECT_NOTIFICATION] = &notification_class,
	[OBJECT_REPLY] = &reply_class,
	[OBJECT_IRQ_CONTROL] = &interrupt_control_class,
	[OBJECT_INTERRUPT] = &interrupt_class,
	[OBJECT_TIMER] = &timer_class,
	[OBJECT_CONSOLE] = &console_class,
	[OBJECT_POWER] = &power_class,
	[OBJECT_IO_PORT_CONTROL] = &io_port_control_class,
	[OBJECT_IO_PORT] = &io_port_class,
};

static const struct method *
method_find(unsigned type, uint32_t label)
{
	const struct object_class *class = object_classes[type];
	unsigned number = METHOD(label);

	if (!class || label >> 16 != type || number >= class->method_count)
		return NULL;
	return class->methods[number].run ? &class->methods[number] : NULL;
}

status_t
invoke(struct invocation *in)
{
	const struct cap *cap = &in->slot->cap;
	const struct method *method;

	/* First: the caller may be among the dying, and this slot with it. */
	if (object_any_dying() && object_reap() == STATUS_RESTART)
		return STATUS_RESTART;
	if (cap_type(cap) == CAP_NONE || cap_type(cap) >= OBJECT_CLASSES)
		return STATUS_INVALID_CAP;
	method = method_find(cap_type(cap), in->label);
	if (!method)
		return STATUS_INVALID_METHOD;
	if (in->length < method->words ||
		(in->length > method->words && !method->open))
		return STATUS_INVALID_METHOD;
	if (!cap_has(cap, method->rights))
		return STATUS_NO_RIGHT;
	return method->run(in);
}

status_t
invoke_cap(const struct invocation *in, cptr_t cptr, unsigned type,
	unsigned rights, struct slot **result)
{
	struct slot *slot = cspace_lookup(in->cspace, cptr);

	if (!slot || cap_type(&slot->cap) != type)
		return STATUS_INVALID_CAP;
	if (!cap_has(&slot->cap, rights))
		return STATUS_NO_RIGHT;
	*result = slot;
	return STATUS_OK;
}

status_t
invoke_destination(const struct invocation *in, cptr_t cptr, uint64_t index,
	struct slot **result)
{
	struct slot *node;
	status_t status;

	status = invoke_cap(in, cptr, OBJECT_CNODE, CAP_WRITE, &node);
	if (status != STATUS_OK)
		return status;
	return cnode_empty_slot(&node->cap, index, result);
}
