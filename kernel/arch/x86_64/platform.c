/* SPDX-License-Identifier: MIT
 *
 * The devices that the kernel itself drives: the first serial port, polled, and
 * whatever switches the machine off (contract, section 7.5).
 */
#include "platform.h"

#include <arch/platform.h>
#include <machine/cpu.h>
#include <machine/memory.h>

#define SERIAL 0x3f8
#define SERIAL_DIVISOR 1 /* 115200 baud */
#define SERIAL_STATUS (SERIAL + 5)
#define STATUS_EMPTY 0x20
#define STATUS_NOBODY 0xff
#define WAIT_LOOPS 100000

#define DEBUG_EXIT 0xf4
#define KEYBOARD_COMMAND 0x64
#define KEYBOARD_BUSY 2
#define KEYBOARD_RESET 0xfe

#define PM1_ACPI_ON 1
#define PM1_TYPE_SHIFT 10
#define PM1_SLEEP (1 << 13)
#define SLEEP_TYPE_SHIFT 2
#define SLEEP_ENABLE (1 << 5)

static struct acpi power;
static bool has_serial;

void
console_setup(void)
{
	has_serial = port_in8(SERIAL_STATUS) != STATUS_NOBODY;
	if (!has_serial)
		return;
	port_out8(SERIAL + 1, 0);
	port_out8(SERIAL + 3, 0x80);
	port_out8(SERIAL, SERIAL_DIVISOR);
	port_out8(SERIAL + 1, 0);
	port_out8(SERIAL + 3, 0x03);
	/* Its FIFOs stay as they are: turning them on drops what has come. */
	port_out8(SERIAL + 4, 0x0b);
}

void
platform_putchar(char byte)
{
	unsigned i;

	if (!has_serial)
		return;
	for (i = 0; i < WAIT_LOOPS; i++)
		if (port_in8(SERIAL_STATUS) & STATUS_EMPTY)
			break;
	port_out8(SERIAL, (uint8_t)byte);
}

void
power_setup(const struct acpi *acpi)
{
	power = *acpi;
}

/* A byte to a register that the tables name. */
static void
register_write(uint64_t address, bool is_port, uint8_t value)
{
	if (is_port)
		port_out8((uint16_t)address, value);
	else
		*(volatile uint8_t *)phys_to_virt(paddr_make(address)) = value;
}

static void
acpi_off(void)
{
	unsigned i;

	if (power.sleep) {
		register_write(power.sleep, power.sleep_is_port,
			(uint8_t)(power.off_a << SLEEP_TYPE_SHIFT |
				SLEEP_ENABLE));
		return;
	}
	if (!(port_in16(power.pm1a) & PM1_ACPI_ON) && power.enable_port) {
		port_out8(power.enable_port, power.enable_value);
		for (i = 0; i < WAIT_LOOPS; i++)
			if (port_in16(power.pm1a) & PM1_ACPI_ON)
				break;
	}
	port_out16(power.pm1a,
		(uint16_t)(power.off_a << PM1_TYPE_SHIFT | PM1_SLEEP));
	if (power.pm1b)
		port_out16(power.pm1b,
			(uint16_t)(power.off_b << PM1_TYPE_SHIFT | PM1_SLEEP));
}

/* The last way: a trap that nobody can take. */
static _Noreturn void
fall(void)
{
	struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((packed)) nothing = {0, 0};

	__asm__ volatile("lidt %0\n"
			 "	ud2" ::"m"(nothing));
	for (;;)
		__asm__ volatile("hlt");
}

static _Noreturn void
keyboard_reset(void)
{
	unsigned i;

	for (i = 0; i < WAIT_LOOPS; i++)
		if (!(port_in8(KEYBOARD_COMMAND) & KEYBOARD_BUSY))
			break;
	port_out8(KEYBOARD_COMMAND, KEYBOARD_RESET);
	for (i = 0; i < WAIT_LOOPS; i++)
		port_in8(KEYBOARD_COMMAND);
	fall();
}

/* The emulator's exit device first if it is to end with a failure. */
void
platform_off(bool failed)
{
	if (failed)
		port_out8(DEBUG_EXIT, 0);
	if (power.can_off)
		acpi_off();
	port_out8(DEBUG_EXIT, 0);
	keyboard_reset();
}

void
platform_reboot(void)
{
	if (power.reset)
		register_write(
			power.reset, power.reset_is_port, power.reset_value);
	keyboard_reset();
}
