/* SPDX-License-Identifier: MIT */
/*
 * 9Ball's main function, which the run-time's entry calls.
 */
#pragma once

#include <boot_info.h>

_Noreturn void nineball_main(const struct boot_info *boot);
