/* SPDX-License-Identifier: MIT
 *
 * The methods of VSpace that add mappings: handlers for the table in
 * vspace.c.
 */
#pragma once

#include "invoke.h"

/* Rights of a page; the flags that map takes beside them are in vspace.h. */
#define MAP_RIGHTS (CAP_READ | CAP_WRITE | CAP_EXECUTE)

status_t vspace_method_map(struct invocation *in);
status_t vspace_method_map_list(struct invocation *in);
status_t vspace_method_share(struct invocation *in);
