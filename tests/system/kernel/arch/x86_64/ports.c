/* SPDX-License-Identifier: MIT */
/*
 * I/O ports: capabilities for runs of them, and what each lets one do. The
 * scratch register of the first serial port keeps what is written to it.
 */
#include "../../harness.h"

#define SERIAL 0x3f8
#define SCRATCH_REGISTER 7
#define DMA_PAGES 0x80 /* ports that no device minds being written to */
#define PORTS 65536

static verdict_t
ports_keep_what_is_written(void)
{
	cptr_t port = slot_next();
	uint64_t value;

	OK(io_port_control_get(
		BOOT_SLOT_IO_PORTS, SERIAL, 8, SELF_CNODE, port));
	for (uint64_t i = 0; i < 256; i += 51) {
		OK(io_port_write(port, SCRATCH_REGISTER, 1, i));
		OK(io_port_read(port, SCRATCH_REGISTER, 1, &value));
		EQUAL(value, i);
	}
	/* Only the low bytes go. */
	OK(io_port_write(port, SCRATCH_REGISTER, 1, UINT64_C(0x1234567890)));
	OK(io_port_read(port, SCRATCH_REGISTER, 1, &value));
	EQUAL(value, 0x90);
	OK(cnode_delete(SELF_CNODE, port));
	return NULL;
}

static verdict_t
ports_end_where_their_run_ends(void)
{
	cptr_t port = slot_next();
	uint64_t value;

	OK(io_port_control_get(
		BOOT_SLOT_IO_PORTS, DMA_PAGES, 4, SELF_CNODE, port));
	OK(io_port_read(port, 0, 4, &value));
	OK(io_port_read(port, 2, 2, &value));
	OK(io_port_read(port, 3, 1, &value));
	EQUAL(io_port_read(port, 4, 1, &value), STATUS_INVALID_ARGUMENT);
	EQUAL(io_port_read(port, 3, 2, &value), STATUS_INVALID_ARGUMENT);
	EQUAL(io_port_read(port, 1, 4, &value), STATUS_INVALID_ARGUMENT);
	EQUAL(io_port_read(port, UINT32_MAX, 1, &value),
		STATUS_INVALID_ARGUMENT);
	EQUAL(io_port_write(port, 4, 1, 0), STATUS_INVALID_ARGUMENT);
	EQUAL(io_port_read(port, 0, 0, &value), STATUS_INVALID_ARGUMENT);
	EQUAL(io_port_read(port, 0, 3, &value), STATUS_INVALID_ARGUMENT);
	EQUAL(io_port_read(port, 0, 8, &value), STATUS_INVALID_ARGUMENT);
	OK(cnode_delete(SELF_CNODE, port));
	return NULL;
}

static verdict_t
port_runs_stay_within_all_ports(void)
{
	cptr_t port = slot_next();
	uint64_t value;

	EQUAL(io_port_control_get(BOOT_SLOT_IO_PORTS, 0, 0, SELF_CNODE, port),
		STATUS_INVALID_ARGUMENT);
	EQUAL(io_port_control_get(
		      BOOT_SLOT_IO_PORTS, 1, PORTS, SELF_CNODE, port),
		STATUS_INVALID_ARGUMENT);
	EQUAL(io_port_control_get(
		      BOOT_SLOT_IO_PORTS, PORTS, 1, SELF_CNODE, port),
		STATUS_INVALID_ARGUMENT);
	EQUAL(io_port_control_get(BOOT_SLOT_IO_PORTS, UINT32_MAX, UINT32_MAX,
		      SELF_CNODE, port),
		STATUS_INVALID_ARGUMENT);
	OK(io_port_control_get(BOOT_SLOT_IO_PORTS, 0, PORTS, SELF_CNODE, port));
	OK(io_port_read(port, PORTS - 1, 1, &value));
	EQUAL(io_port_read(port, PORTS - 1, 2, &value),
		STATUS_INVALID_ARGUMENT);
	EQUAL(io_port_control_get(BOOT_SLOT_IO_PORTS, 0, 1, SELF_CNODE, port),
		STATUS_SLOT_OCCUPIED);
	OK(cnode_delete(SELF_CNODE, port));
	return NULL;
}

static verdict_t
ports_need_their_rights_and_go_with_control(void)
{
	cptr_t control = slot_next(), all = slot_next();
	cptr_t reads = slot_next(), writes = slot_next();
	uint64_t value, rights;
	uint32_t type;

	OK(cnode_copy(SELF_CNODE, control, BOOT_SLOT_IO_PORTS, RIGHT_WRITE));
	OK(io_port_control_get(control, SERIAL, 8, SELF_CNODE, all));
	OK(cnode_copy(SELF_CNODE, reads, all, RIGHT_READ));
	OK(cnode_copy(SELF_CNODE, writes, all, RIGHT_WRITE));
	OK(io_port_read(reads, SCRATCH_REGISTER, 1, &value));
	EQUAL(io_port_write(reads, SCRATCH_REGISTER, 1, 0), STATUS_NO_RIGHT);
	OK(io_port_write(writes, SCRATCH_REGISTER, 1, 0));
	EQUAL(io_port_read(writes, SCRATCH_REGISTER, 1, &value),
		STATUS_NO_RIGHT);
	EQUAL(io_port_control_get(all, SERIAL, 8, SELF_CNODE, slot_next()),
		STATUS_INVALID_METHOD);
	OK(cnode_revoke(SELF_CNODE, control));
	OK(cnode_inspect(SELF_CNODE, all, &type, &rights));
	EQUAL(type, OBJECT_NONE);
	OK(cnode_inspect(SELF_CNODE, reads, &type, &rights));
	EQUAL(type, OBJECT_NONE);
	OK(cnode_delete(SELF_CNODE, control));
	return NULL;
}

const struct test tests_arch[] = {
	{"ports_keep_what_is_written", ports_keep_what_is_written},
	{"ports_end_where_their_run_ends", ports_end_where_their_run_ends},
	{"port_runs_stay_within_all_ports", port_runs_stay_within_all_ports},
	{"ports_need_their_rights_and_go_with_control",
		ports_need_their_rights_and_go_with_control},
	{NULL, NULL},
};
