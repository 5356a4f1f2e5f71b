/* SPDX-License-Identifier: MIT */
/*
 * What the tests of traps must know of riscv64 (arch.h); check.S is the code
 * that goes with it.
 */
#include "../../arch.h"

#define REGISTER_T0 5
#define REGISTER_T1 6

const unsigned arch_registers = 32;
volatile uint64_t arch_rounds, arch_broken;

uint64_t
arch_pattern(unsigned number, uint64_t pattern)
{
	return pattern + number;
}

bool
arch_is_kept(unsigned number)
{
	return number != 0 && number != REGISTER_T0 && number != REGISTER_T1;
}

#define PRIVILEGED(name, instruction)                                \
	static void name(uint64_t argument)                          \
	{                                                            \
		__asm__ volatile(instruction::"r"(argument) : "t0"); \
	}

PRIVILEGED(reads_status, "csrr t0, sstatus")
PRIVILEGED(changes_space, "csrw satp, %0")
PRIVILEGED(changes_entry, "csrw stvec, %0")
PRIVILEGED(stops_interrupts, "csrci sstatus, 2")
PRIVILEGED(flushes, "sfence.vma")
PRIVILEGED(returns, "sret")

const struct arch_privileged arch_privileged[] = {
	{reads_status, "read the status"},
	{changes_space, "change the address space"},
	{changes_entry, "change the trap entry"},
	{stops_interrupts, "switch interrupts off"},
	{flushes, "flush the TLB"},
	{returns, "return from a trap"},
};
const size_t arch_privileged_count =
	sizeof(arch_privileged) / sizeof(arch_privileged[0]);
