/* SPDX-License-Identifier: MIT */
/*
 * What the tests of traps must know of riscv64 (arch.h); check.S is the code
 * that goes with it.
 */
#include "../../arch.h"
#include "../../harness.h"

#define REGISTER_T0 5
#define REGISTER_T1 6

#define REGISTER_RA 1
#define REGISTER_SP 2
#define REGISTER_GP 3
#define REGISTER_TP 4
#define REGISTER_A0 10
#define REGISTER_S4 20
#define UART_BASE UINT64_C(0x10000000)

const unsigned arch_registers = 32, arch_argument = REGISTER_A0,
	       arch_utcb = REGISTER_TP, arch_spare = REGISTER_S4;
extern char __global_pointer$[];
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

void
arch_start(uint64_t *registers, const struct arch_start *start)
{
	registers[0] = (uint64_t)start->entry;
	registers[REGISTER_RA] = (uint64_t)start->end;
	registers[REGISTER_SP] = start->stack;
	registers[REGISTER_GP] = (uint64_t)__global_pointer$;
	registers[REGISTER_TP] = start->utcb;
	registers[REGISTER_A0] = start->argument;
}

void
arch_enter_shim(
	uint64_t *registers, struct utcb *utcb, uint64_t shim, uint64_t back)
{
	registers[0] = shim;
	registers[REGISTER_T0] = registers[REGISTER_TP];
	utcb->save_pc = back;
	utcb->save_sp = registers[REGISTER_SP];
}

uint64_t
arch_instructions(void)
{
	uint64_t count;

	__asm__ volatile("rdinstret %0" : "=r"(count));
	return count;
}

void
arch_illegal(void)
{
	__asm__ volatile(".word 0xffffffff");
}

void
arch_breakpoint(void)
{
	__asm__ volatile(".option push\n.option norvc\n"
			 "ebreak\n.option pop");
}

void
arch_syscall(uint64_t number)
{
	register uint64_t a7 __asm__("a7") = number;

	__asm__ volatile("ecall" : "+r"(a7)::"memory");
}

void
arch_probe(uint64_t address)
{
	__asm__ volatile("lb zero, (%0)" ::"r"(address) : "memory");
}

bool
arch_uart_open(void)
{
	for (uint32_t i = 0; i < boot->region_count; i++)
		if (boot->regions[i].base == UART_BASE &&
			boot->regions[i].kind == BOOT_REGION_DEVICE)
			return !space_map(SELF_VSPACE, SCRATCH,
				boot->regions[i].slot, 0, 1,
				RIGHT_READ | RIGHT_WRITE |
					VSPACE_FLAG_UNCACHED);
	return false;
}

void
arch_uart_set(unsigned number, uint8_t value)
{
	((volatile uint8_t *)SCRATCH)[number] = value;
}

void
arch_uart_close(void)
{
	(void)vspace_unmap(SELF_VSPACE, SCRATCH, 1);
}
