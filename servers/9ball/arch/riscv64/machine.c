/* SPDX-License-Identifier: MIT */
/*
 * On riscv64 the firmware always brings a device tree.
 */
#include "machine.h"

const void *
machine_tree(const char *arguments, size_t *bytes)
{
	(void)arguments;
	(void)bytes;
	return NULL;
}
