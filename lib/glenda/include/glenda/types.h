/* SPDX-License-Identifier: MIT */
/*
 * The scalar types of Glenda's interfaces. A capability address, a virtual
 * and a physical address are all 64-bit numbers that must never be mixed up.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glenda/abi.h>

typedef uint64_t cptr_t;
typedef uint64_t vaddr_t;
typedef uint64_t paddr_t;
