/* SPDX-License-Identifier: MIT */
/*
 * I/O ports: there are none.
 */
#include "../../harness.h"

static verdict_t
nobody_has_ports(void)
{
	uint64_t rights;
	uint32_t type;

	OK(cnode_inspect(SELF_CNODE, BOOT_SLOT_IO_PORTS, &type, &rights));
	EQUAL(type, OBJECT_NONE);
	EQUAL(io_port_control_get(
		      BOOT_SLOT_IO_PORTS, 0, 1, SELF_CNODE, slot_next()),
		STATUS_INVALID_CAP);
	return NULL;
}

const struct test tests_arch[] = {
	{"nobody_has_ports", nobody_has_ports},
	{NULL, NULL},
};
