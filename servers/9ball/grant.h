/* SPDX-License-Identifier: MIT */
/*
 * What services are given (rows F7, N1): log ring, notification, timer,
 * channels, the boot archive, devices, and 9Ball's own endpoint, as init.toml
 * names them. Everything but device registers is made once and outlives the
 * service, so that a restarted one finds what its forerunner left.
 */
#pragma once

#include <stdbool.h>

#include <boot_info.h>
#include <glenda/types.h>

#include "config.h"

/* A tool whose badge has this bit may command services and the machine. */
#define BADGE_POWER UINT64_C(1)

/*
 * Make what the services of `config` share or keep. `notification` is what
 * their log rings ring, `endpoint` what tools call 9Ball through. Panics when
 * the machine is too small. Factotum must run.
 */
void grants_init(const struct config *config, const struct boot_info *boot,
	cptr_t notification, cptr_t endpoint);

/* Give a created process all that its entry names. 0, or the first error. */
status_t grants_give(unsigned service, cptr_t handle);

/* Whether the machine has all devices that a service names. */
bool grants_have_devices(unsigned service);

/* Whether the service gets the device that the kernel's console prints on. */
bool grants_console(unsigned service);

/* Whether every channel is read out: nothing waits to be printed. */
bool grants_channels_empty(void);
