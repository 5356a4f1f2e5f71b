/* SPDX-License-Identifier: MIT */
/*
 * Starting Factotum by hand (row N2), and what 9Ball holds of it afterwards.
 */
#pragma once

#include <stddef.h>

#include <boot_info.h>
#include <glenda/types.h>

/*
 * Build Factotum from the boot archive, hand it all memory but 9Ball's own and
 * the interrupt control, and let it run. `log_frame` is the page of its log
 * ring, `log_signal` what it rings, `fault` the endpoint (badged) that gets
 * its faults. 0, or the first error; what failed is reported.
 */
status_t factotum_bring_up(const struct boot_info *boot, cptr_t log_frame,
	cptr_t log_signal, cptr_t fault);

/* Sending ends of its endpoint: as 9Ball's process, and as its manager. */
cptr_t factotum_as_process(void);
cptr_t factotum_as_manager(void);

/* The function of Factotum's image that an address lies in, or "?". */
const char *factotum_symbol(vaddr_t address, uint64_t *offset);
