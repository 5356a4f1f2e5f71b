/* SPDX-License-Identifier: MIT */
/*
 * What 9Ball must know of the machine where no device tree tells it; per
 * architecture.
 */
#pragma once

#include <stddef.h>

/*
 * A device tree for a machine whose firmware brings none, made from the
 * kernel's command line and from what every such machine has; it lives as
 * long as the program. NULL: there is nothing to make one from.
 */
const void *machine_tree(const char *arguments, size_t *bytes);
