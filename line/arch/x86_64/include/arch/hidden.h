/* SPDX-License-Identifier: MIT */
/*
 * Read before every source of the shim: all that it names is in its own image.
 * Otherwise addresses would come from a table, which the linker cannot take
 * out again at the shim's own address.
 */
#pragma once
#ifndef __ASSEMBLER__
#pragma GCC visibility push(hidden)
#endif
