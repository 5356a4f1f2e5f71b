/* SPDX-License-Identifier: MIT
 *
 * What kernel functions return: 0, a negative STATUS_ number of the generated
 * list, or the number here, which never reaches user mode.
 */
#pragma once

#include "types.h"
#include <glenda/abi.h>

/* Work remains: the arguments in `struct invocation` say from where, and the
 * same system call is to be made again from them. */
#define STATUS_RESTART ((status_t)1)
