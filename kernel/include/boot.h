/* SPDX-License-Identifier: MIT
 *
 * From the architecture's entry to 9Ball's first instruction.
 */
#pragma once

#include "types.h"
#include <arch/page_table.h>
#include <arch/platform.h>

/* The architecture has paging on, the console works and `platform` says what
 * there is. `kernel_root` is the root table to copy from. Does not return. */
_Noreturn void kernel_main(const struct platform *platform,
	const pte_t *kernel_root, uint32_t hart);

/* The thread whose fault ends everything: 9Ball's. */
extern struct thread *boot_thread;

/* Whether the command line asks for more than one line of output. */
extern bool boot_verbose;
