/* SPDX-License-Identifier: MIT */
/*
 * What the tests of traps need of an architecture: code that C cannot say. One
 * folder below arch/ implements it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Registers of TCB.read_registers, the pc first. */
extern const unsigned arch_registers;

/* For ever: check that every register holds `pattern` + its number, count
 * rounds in arch_rounds, and stop counting, with arch_broken set, when one does
 * not. The second also yields each round. To be started by write_registers. */
void arch_check(void);
void arch_check_yielding(void);
extern volatile uint64_t arch_rounds, arch_broken;

/* What `number` must hold when a thread starts at arch_check, or 0 for its
 * pc; and whether it still does when it is stopped anywhere in it. */
uint64_t arch_pattern(unsigned number, uint64_t pattern);
bool arch_is_kept(unsigned number);

/* Instructions that only the kernel may execute, each in a function that a
 * worker can run, and what they would do. */
struct arch_privileged {
	void (*run)(uint64_t argument);
	const char *does;
};
extern const struct arch_privileged arch_privileged[];
extern const size_t arch_privileged_count;

/* With the stack pointer set to `stack`: yield, then read the word at
 * arch_hole, which faults. And: with it, spin. */
#define ARCH_HOLE 16
void arch_fault_on_stack(uint64_t stack);
void arch_spin_on_stack(uint64_t stack);
