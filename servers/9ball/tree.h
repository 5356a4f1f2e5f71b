/* SPDX-License-Identifier: MIT */
/*
 * Reading a flattened device tree (Devicetree Specification 0.4): where the
 * registers of a device are and which interrupt line is theirs. Looks only at
 * "compatible", "reg" and "interrupts" of nodes below a bus with two address
 * and two size cells, as the machines that we boot on have it, or below one
 * that is compatible with "isa", whose "reg" is as that bus's binding (IEEE
 * 1275, ISA/EISA/ISA-PnP) has it. Touches no
 * device and calls nobody, so that it is fuzzed on the host.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glenda/types.h>

struct device {
	paddr_t registers; /* address of the first, or its port number */
	uint64_t bytes;	   /* of registers; ports have one each */
	uint32_t line;	   /* interrupt line, 0: none */
	bool ports;	   /* I/O ports, not memory */
};

/* Whether `size` bytes hold a sound tree, 8-byte aligned. */
bool tree_check(const void *tree, size_t size);

/*
 * The instance-th device, in the tree's order, whose "compatible" list has
 * this name. False: there is none, or it has no registers.
 */
bool tree_find(const void *tree, const char *compatible, unsigned instance,
	struct device *out);

/*
 * Random bytes that the firmware left for the system (/chosen, "rng-seed"):
 * how many were copied, at most `size`.
 */
size_t tree_seed(const void *tree, void *out, size_t size);
