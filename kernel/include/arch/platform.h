/* SPDX-License-Identifier: MIT
 *
 * The machine around the processors: what it has, found at boot, and the few
 * devices that the kernel itself drives.
 */
#pragma once

#include "types.h"

#define PLATFORM_MEMORY_MAX 8
#define PLATFORM_RESERVED_MAX 24
#define PLATFORM_DEVICES_MAX 64

struct platform_range {
	uint64_t start; /* physical */
	uint64_t end;	/* exclusive */
};

/* What boot found; filled by the architecture before kernel_main(). */
struct platform {
	unsigned memory_count;
	unsigned reserved_count; /* RAM in use: firmware, image, archive .. */
	unsigned device_count;
	struct platform_range memory[PLATFORM_MEMORY_MAX];
	struct platform_range reserved[PLATFORM_RESERVED_MAX];
	struct platform_range devices[PLATFORM_DEVICES_MAX];
	struct platform_range archive; /* boot archive; empty if none */
	struct platform_range device_tree;
	uint64_t clock_frequency; /* ticks per second */
	unsigned processors;
	const char *arguments; /* command line, never NULL */
	const char *model;
};

/* Print one byte on the debug console. */
void platform_putchar(char byte);

/* Switch off, or restart. `failed` tells the firmware why. */
_Noreturn void platform_off(bool failed);
_Noreturn void platform_reboot(void);

/* Interrupt lines: 1 .. platform_lines() exclusive. A line is masked until it
 * is unmasked, and masked again when it fires. */
unsigned platform_lines(void);
void platform_line_mask(unsigned line);
void platform_line_unmask(unsigned line);

/* I/O ports, in <machine/port.h>: PORTS is how many there are, and only where
 * it is not 0 these are called. Widths are 1, 2 and 4 bytes. */
static inline uint32_t port_read(uint16_t port, unsigned width);
static inline void port_write(uint16_t port, unsigned width, uint32_t value);

/* Physical address of something in the kernel's image. */
paddr_t image_to_phys(const void *symbol);

/* Walk the kernel's stack from the caller's frame, or from the frame pointer
 * `frame` if not 0; at most `count` return addresses. */
unsigned platform_backtrace(
	uint64_t frame, uint64_t *addresses, unsigned count);

#include <machine/port.h>
