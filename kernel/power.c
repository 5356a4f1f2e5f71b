/* SPDX-License-Identifier: MIT
 *
 * Power: the right to switch the machine off or to restart it.
 */
#include "invoke.h"

#include <arch/platform.h>

static status_t
power_off(struct invocation *in)
{
	(void)in;
	/* commit: cannot fail */
	platform_off(false);
}

static status_t
power_reboot(struct invocation *in)
{
	(void)in;
	/* commit: cannot fail */
	platform_reboot();
}

static const struct method power_methods[] = {
	[METHOD(POWER_OFF)] = {.run = power_off,
		.words = POWER_OFF_ARGS,
		.rights = CAP_WRITE},
	[METHOD(POWER_REBOOT)] = {.run = power_reboot,
		.words = POWER_REBOOT_ARGS,
		.rights = CAP_WRITE},
};

const struct object_class power_class = {
	.name = "Power",
	.methods = power_methods,
	.method_count = sizeof(power_methods) / sizeof(power_methods[0]),
};
