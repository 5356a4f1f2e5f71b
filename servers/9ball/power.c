/* SPDX-License-Identifier: MIT */
/*
 * Power-off and restart. The status goes through one of two devices that only
 * 9Ball may reach, so no other program can forge one. The "sifive,test"
 * finisher is a register that ends the emulated machine (QEMU,
 * hw/misc/sifive_test.c has the values): the low half is the verdict, the high
 * half the code. The ISA debug console is a port whose other end is a channel
 * of the host's: it takes the status as one byte, and power-off follows.
 */
#include "power.h"

#include <glenda/kernel_calls.h>

#include "devices.h"
#include "own.h"

enum finisher {
	FINISHER_FAIL = 0x3333,
	FINISHER_PASS = 0x5555,
};

static volatile uint32_t *finisher;
static struct registers console;

void
power_init(void)
{
	struct registers registers;
	struct device device;

	if (device_find("sifive,test0", 0, &device) &&
		device_open(&device, &registers))
		finisher = (volatile uint32_t *)registers.memory;
	if (device_find("qemu,isa-debugcon", 0, &device) &&
		!device_open(&device, &console))
		console.ports = 0;
}

_Noreturn void
machine_off(uint32_t status)
{
	status &= 0xff;
	if (finisher)
		*finisher =
			status ? status << 16 | FINISHER_FAIL : FINISHER_PASS;
	if (console.ports)
		registers_write8(&console, 0, (uint8_t)status);
	for (;;)
		power_off(BOOT_SLOT_POWER);
}

_Noreturn void
machine_reboot(void)
{
	for (;;)
		power_reboot(BOOT_SLOT_POWER);
}
