/* SPDX-License-Identifier: MIT
 *
 * ASIDs: the tags that keep the TLB entries of address spaces apart. A space
 * has one from creation to end. A number given back is used again only after
 * the TLB was flushed, once per round through all numbers. Number 0 means
 * that there was none left: such a space needs a flush whenever it is loaded.
 */
#pragma once

void asid_init(unsigned count);
unsigned asid_allocate(void);
void asid_release(unsigned asid);
