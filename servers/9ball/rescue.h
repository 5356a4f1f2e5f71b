/* SPDX-License-Identifier: MIT */
/*
 * The rescue console (row N4): when the system cannot be started as init.toml
 * wants it, what is wrong is printed and a person at the serial line may look
 * at what there is, or end the machine.
 */
#pragma once

#include <boot_info.h>

/*
 * Print why and the log. Somebody who presses a key within RESCUE_WAIT_MS gets
 * a prompt; else the machine is switched off with POWER_STATUS_FAILED, so that
 * nothing that waits for it waits for ever.
 */
#define RESCUE_WAIT_MS 5000
_Noreturn void rescue(const struct boot_info *boot, const char *why);
