/* SPDX-License-Identifier: MIT */
/*
 * What the tests of traps need of an architecture: code that C cannot say. One
 * folder below arch/ implements it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glenda/types.h>

#include "facts.h" /* of the architecture:
	ARCH_USER_LAST       the last page that a program can have mapped
	ARCH_KERNEL_MAP      an address in the kernel's map of memory
	ARCH_KERNEL_IMAGE    one in its image
	ARCH_TABLE_LEVELS    levels of page tables below the root
	ARCH_STORE_CAUSE     raw cause of a store to where nothing is mapped
	ARCH_ILLEGAL_BYTES   length of arch_illegal's instruction
	ARCH_BREAKPOINT_BYTES  from the pc that arch_breakpoint reports to the
			     instruction behind it
	ARCH_UART_LINE       interrupt line of the first serial port
	ARCH_PRIVILEGED_FAULT  what a privileged instruction is to a program */

struct utcb;

/* Registers of TCB.read_registers, the pc first; and which of them is the
 * first argument, the UTCB's address at the start, and one that nothing in
 * the redirection changes. */
extern const unsigned arch_registers, arch_argument, arch_utcb, arch_spare;

/* Registers of a thread that runs entry(argument) and then `end`. */
struct arch_start {
	void (*entry)(uint64_t argument);
	void (*end)(void);
	uint64_t stack; /* top */
	uint64_t utcb;
	uint64_t argument;
};
void arch_start(uint64_t *registers, const struct arch_start *start);

/* Change them so that the thread enters the shim for a program that is to go
 * on at `back`. */
void arch_enter_shim(
	uint64_t *registers, struct utcb *utcb, uint64_t shim, uint64_t back);

/* Executed instructions, where the emulator counts them. */
uint64_t arch_instructions(void);

/* Do what the names say, once. The last reads a byte, as the first instruction
 * of the function, so that it can be repeated. */
void arch_illegal(void);
void arch_breakpoint(void);
void arch_syscall(uint64_t number);
void arch_probe(uint64_t address);

/* Make a floating-point state of `seed`, then check it for ever: counts
 * rounds, or sets fp_broken. */
void fp_worker(uint64_t seed);
extern volatile uint64_t fp_rounds, fp_broken;

/* The first serial port's registers; false if they cannot be reached. */
bool arch_uart_open(void);
void arch_uart_close(void);
void arch_uart_set(unsigned number, uint8_t value);

/*
 * Redirection (redirect.c). The shim answers every call with its second
 * argument plus 1, after a cancellable Call to shim_endpoint if shim_mode is
 * 1; an interruption is counted and returned from. The second shim goes back
 * at once.
 */
extern char shim_start[], shim_end[], shim_upcall[], shim_signal[];
extern char plain_shim_start[], plain_shim_end[], plain_shim_upcall[];
extern volatile uint64_t shim_entries, shim_number, shim_signals, shim_mode;
extern volatile uint64_t shim_signal_pc, shim_call_status, program_rounds;
extern volatile uint64_t program_bad;
extern cptr_t shim_endpoint;

/* Calls of number 0x1234, `rounds` of them, checking that nothing changed that
 * Linux keeps; and for ever checking that nothing does at all. */
void program(uint64_t rounds);
void program_busy(uint64_t argument);

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
