/* SPDX-License-Identifier: MIT */
/*
 * The end of the machine: off with a status that the host sees, or again.
 */
#pragma once

#include <stdint.h>

/* The status that says that the system itself failed, not a program in it. */
#define POWER_STATUS_FAILED 125

/*
 * Find the device that tells the host a status. Without one power-off still
 * works, but the host learns nothing.
 */
void power_init(void);

/* Switch off; the low 8 bits of status reach the host. */
_Noreturn void machine_off(uint32_t status);

_Noreturn void machine_reboot(void);
