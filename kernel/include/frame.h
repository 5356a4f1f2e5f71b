/* SPDX-License-Identifier: MIT
 *
 * Frame: a capability for a run of pages of RAM or of a device. A Frame is
 * its capability; there is no object in memory (cap.h). Contents are reached
 * through the physical map.
 */
#pragma once

#include "cap.h"

/* Clear, or copy, one page. Both are page aligned and not the same. */
void page_clear(void *page);
void page_copy(void *to, const void *from);
