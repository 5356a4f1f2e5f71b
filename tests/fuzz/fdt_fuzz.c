/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the device tree's reader of 9Ball, and with it libfdt, which the
 * kernel uses as well: a tree that passes the check is searched for all that
 * 9Ball and the drivers look for.
 */
#include "fuzz.h"

#include <string.h>

#include "tree.h"

#define INSTANCES 64

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {
		"ns16550a",
		"virtio,mmio",
		"sifive,test0",
		"google,goldfish-rtc",
		"",
	};
	void *tree = malloc(size ? size : 1);

	MUST(tree != NULL);
	memcpy(tree, data, size);
	for (unsigned i = 0;
		i < sizeof(names) / sizeof(names[0]) && tree_check(tree, size);
		i++) {
		struct device device;

		for (unsigned k = 0; k < INSTANCES; k++) {
			if (!tree_find(tree, names[i], k, &device))
				continue;
			MUST(device.bytes > 0);
			MUST(device.registers + device.bytes >
				device.registers);
		}
	}
	free(tree);
	return 0;
}
