/* SPDX-License-Identifier: MIT
 *
 * I/O ports, where the machine has them: the right to make capabilities for
 * runs of ports, and reading and writing by these. An IoPort is its capability
 * (cap.h). Runs may overlap, as slices of a Frame may.
 */
#include "invoke.h"

#include <arch/platform.h>

#define COUNT_SHIFT 32

static status_t
control_get(struct invocation *in)
{
	uint64_t first, count;
	struct cap cap;
	struct slot *slot;
	status_t status;

	if (!PORTS)
		return STATUS_UNSUPPORTED;
	first = in->words[0];
	count = in->words[1];
	status = invoke_destination(in, in->words[2], in->words[3], &slot);
	if (status != STATUS_OK)
		return status;
	if (!count || first > PORTS || count > PORTS - first)
		return STATUS_INVALID_ARGUMENT;
	/* commit: cannot fail */
	cap = cap_make(OBJECT_IO_PORT, CAP_ALL, 0, 0);
	cap.extra = first | count << COUNT_SHIFT;
	slot_insert_child(slot, cap, in->slot);
	return STATUS_OK;
}

/* Words 0 and 1: offset in the run and width. */
static status_t
decode_port(const struct invocation *in, uint16_t *port, unsigned *width)
{
	uint64_t first = (uint32_t)in->slot->cap.extra;
	uint64_t count = in->slot->cap.extra >> COUNT_SHIFT;
	uint64_t offset = in->words[0], bytes = in->words[1];

	if ((bytes != 1 && bytes != 2 && bytes != 4) || offset > count ||
		bytes > count - offset)
		return STATUS_INVALID_ARGUMENT;
	*port = (uint16_t)(first + offset);
	*width = (unsigned)bytes;
	return STATUS_OK;
}

static status_t
io_port_read(struct invocation *in)
{
	uint16_t port;
	unsigned width;
	status_t status = decode_port(in, &port, &width);

	if (status != STATUS_OK)
		return status;
	/* commit: cannot fail */
	in->words[0] = port_read(port, width);
	in->results = IO_PORT_READ_RESULTS;
	return STATUS_OK;
}

static status_t
io_port_write(struct invocation *in)
{
	uint16_t port;
	unsigned width;
	status_t status = decode_port(in, &port, &width);

	if (status != STATUS_OK)
		return status;
	/* commit: cannot fail */
	port_write(port, width, (uint32_t)in->words[2]);
	return STATUS_OK;
}

static const struct method control_methods[] = {
	[METHOD(IO_PORT_CONTROL_GET)] = {.run = control_get,
		.words = IO_PORT_CONTROL_GET_ARGS,
		.rights = CAP_WRITE},
};

const struct object_class io_port_control_class = {
	.name = "IoPortControl",
	.methods = control_methods,
	.method_count = sizeof(control_methods) / sizeof(control_methods[0]),
};

static const struct method io_port_methods[] = {
	[METHOD(IO_PORT_READ)] = {.run = io_port_read,
		.words = IO_PORT_READ_ARGS,
		.rights = CAP_READ},
	[METHOD(IO_PORT_WRITE)] = {.run = io_port_write,
		.words = IO_PORT_WRITE_ARGS,
		.rights = CAP_WRITE},
};

const struct object_class io_port_class = {
	.name = "IoPort",
	.methods = io_port_methods,
	.method_count = sizeof(io_port_methods) / sizeof(io_port_methods[0]),
};
