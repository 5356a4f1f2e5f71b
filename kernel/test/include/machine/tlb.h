/* SPDX-License-Identifier: MIT
 *
 * The TLB of the unit tests: host.c remembers what a processor might have
 * cached, and these take it away.
 */
#pragma once

#include "types.h"

void tlb_flush_page(unsigned asid, uaddr_t address);
void tlb_flush_asid(unsigned asid);
void tlb_flush_all(void);
void icache_sync(void);
unsigned asid_count(void);
