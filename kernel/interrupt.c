/* SPDX-License-Identifier: MIT
 *
 * Interrupt lines (interrupt.h). Their records are made once at boot; a
 * capability for a line makes its record an object until it is deleted.
 */
#include "interrupt.h"
#include "invoke.h"
#include "notification.h"
#include "thread.h"

#include <arch/platform.h>

static struct interrupt *lines; /* by number */

uint64_t
interrupt_table_size(void)
{
	return platform_lines() * sizeof(struct interrupt);
}

void
interrupt_init(void *memory)
{
	unsigned line;

	lines = memory;
	for (line = 0; line < platform_lines(); line++) {
		lines[line].line = line;
		lines[line].object.type = OBJECT_INTERRUPT;
	}
}

void
interrupt_fired(unsigned line)
{
	const struct cap *cap;

	if (line >= platform_lines())
		return;
	cap = &lines[line].notification.cap;
	if (cap_type(cap) == OBJECT_NOTIFICATION)
		notification_signal(cap);
}

static status_t
control_get(struct invocation *in)
{
	uint64_t line = in->words[0];
	struct slot *slot;
	status_t status =
		invoke_destination(in, in->words[1], in->words[2], &slot);

	if (status != STATUS_OK)
		return status;
	if (line == 0 || line >= platform_lines())
		return STATUS_INVALID_ARGUMENT;
	if (lines[line].taken)
		return STATUS_EXISTS;
	/* commit: cannot fail */
	lines[line].taken = 1;
	slot_insert_child(
		slot, cap_to(OBJECT_INTERRUPT, &lines[line]), in->slot);
	return STATUS_OK;
}

static status_t
interrupt_bind(struct invocation *in)
{
	struct interrupt *interrupt = cap_object(&in->slot->cap);
	struct slot *slot = NULL;
	status_t status = STATUS_OK;

	if (in->words[0])
		status = invoke_cap(in, in->words[0], OBJECT_NOTIFICATION,
			CAP_WRITE, &slot);
	if (status != STATUS_OK)
		return status;
	/* commit: cannot fail */
	platform_line_mask(interrupt->line);
	(void)slot_delete(&interrupt->notification);
	if (slot) {
		(void)slot_copy(&interrupt->notification, slot, CAP_ALL);
		platform_line_unmask(interrupt->line);
	}
	return STATUS_OK;
}

static status_t
interrupt_ack(struct invocation *in)
{
	struct interrupt *interrupt = cap_object(&in->slot->cap);

	/* commit: cannot fail */
	if (!slot_is_empty(&interrupt->notification))
		platform_line_unmask(interrupt->line);
	return STATUS_OK;
}

static bool
interrupt_destroy(struct object *object)
{
	struct interrupt *interrupt =
		container_of(object, struct interrupt, object);

	platform_line_mask(interrupt->line);
	(void)slot_delete(&interrupt->notification);
	interrupt->taken = 0;
	object->dying = 0;
	return true;
}

static const struct method control_methods[] = {
	[METHOD(IRQ_CONTROL_GET)] = {.run = control_get,
		.words = IRQ_CONTROL_GET_ARGS,
		.rights = CAP_WRITE},
};

const struct object_class interrupt_control_class = {
	.name = "IrqControl",
	.methods = control_methods,
	.method_count = sizeof(control_methods) / sizeof(control_methods[0]),
};

static const struct method interrupt_methods[] = {
	[METHOD(INTERRUPT_BIND)] = {.run = interrupt_bind,
		.words = INTERRUPT_BIND_ARGS,
		.rights = CAP_WRITE},
	[METHOD(INTERRUPT_ACK)] = {.run = interrupt_ack,
		.words = INTERRUPT_ACK_ARGS,
		.rights = CAP_WRITE},
};

const struct object_class interrupt_class = {
	.name = "Interrupt",
	.methods = interrupt_methods,
	.method_count =
		sizeof(interrupt_methods) / sizeof(interrupt_methods[0]),
	.destroy = interrupt_destroy,
};
