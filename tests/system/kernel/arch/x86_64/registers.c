/* SPDX-License-Identifier: MIT */
/*
 * What the tests of the kernel must know of x86_64 (arch.h); check.S, fp.S and
 * shim.S are the code that goes with it.
 */
#include "../../arch.h"
#include "../../harness.h"

enum register_number {
	REGISTER_IP,
	REGISTER_AX,
	REGISTER_BX,
	REGISTER_CX,
	REGISTER_DI = 6,
	REGISTER_SP = 8,
	REGISTER_R11 = 12,
	REGISTER_FLAGS = 17,
	REGISTER_FS,
	REGISTER_GS,
	REGISTERS,
};

#define FLAGS 0x202
#define UART_PORT 0x3f8
#define UART_PORTS 8

const unsigned arch_registers = REGISTERS, arch_argument = REGISTER_DI,
	       arch_utcb = REGISTER_FS, arch_spare = REGISTER_BX;
volatile uint64_t arch_rounds, arch_broken;

static cptr_t uart;

/* Bases have to be addresses of the user half. */
uint64_t
arch_pattern(unsigned number, uint64_t pattern)
{
	if (number == REGISTER_FLAGS)
		return FLAGS;
	if (number == REGISTER_FS || number == REGISTER_GS)
		return (pattern + number) << 17 >> 17;
	return pattern + number;
}

bool
arch_is_kept(unsigned number)
{
	return number != REGISTER_IP && number != REGISTER_AX &&
		number != REGISTER_BX && number != REGISTER_FLAGS;
}

#define PRIVILEGED(name, instruction)                              \
	static void name(uint64_t argument)                        \
	{                                                          \
		__asm__ volatile(instruction ::"r"(argument)       \
				 : "rax", "rcx", "rdx", "memory"); \
	}

PRIVILEGED(reads_control, "movq %%cr0, %%rax")
PRIVILEGED(changes_space, "movq %0, %%cr3")
PRIVILEGED(changes_entry, "lidt (%%rsp)")
PRIVILEGED(stops_interrupts, "cli")
PRIVILEGED(stops, "hlt")
PRIVILEGED(flushes, "invlpg (%0)")
PRIVILEGED(writes_port, "movl $0x3f8, %%edx\n outb %%al, %%dx")
PRIVILEGED(writes_model, "movl $0xc0000082, %%ecx\n wrmsr")
PRIVILEGED(swaps, "swapgs")
PRIVILEGED(returns, "sysretq")
PRIVILEGED(interrupts, "int $0x20")

const struct arch_privileged arch_privileged[] = {
	{reads_control, "read a control register"},
	{changes_space, "change the address space"},
	{changes_entry, "change the trap entry"},
	{stops_interrupts, "switch interrupts off"},
	{stops, "stop the processor"},
	{flushes, "flush the TLB"},
	{writes_port, "write to a port"},
	{writes_model, "change the system call entry"},
	{swaps, "take the kernel's GS"},
	{returns, "return from a system call"},
	{interrupts, "make an interrupt"},
};
const size_t arch_privileged_count =
	sizeof(arch_privileged) / sizeof(arch_privileged[0]);

void
arch_start(uint64_t *registers, const struct arch_start *start)
{
	uint64_t *stack = (uint64_t *)start->stack - 1;

	*stack = (uint64_t)start->end;
	registers[REGISTER_IP] = (uint64_t)start->entry;
	registers[REGISTER_SP] = (uint64_t)stack;
	registers[REGISTER_DI] = start->argument;
	registers[REGISTER_FLAGS] = FLAGS;
	registers[REGISTER_FS] = start->utcb;
}

void
arch_enter_shim(
	uint64_t *registers, struct utcb *utcb, uint64_t shim, uint64_t back)
{
	registers[REGISTER_IP] = shim;
	registers[REGISTER_CX] = registers[REGISTER_FS];
	utcb->save_pc = back;
	utcb->save_number = 0;
}

uint64_t
arch_instructions(void)
{
	return __builtin_ia32_rdtsc();
}

void
arch_illegal(void)
{
	__asm__ volatile("ud2");
}

void
arch_breakpoint(void)
{
	__asm__ volatile("int3");
}

void
arch_syscall(uint64_t number)
{
	__asm__ volatile("syscall"
			 : "+a"(number)::"rcx", "r11", "rsi", "rdi", "memory");
}

void
arch_probe(uint64_t address)
{
	__asm__ volatile("testb $0, (%0)" ::"r"(address) : "memory");
}

bool
arch_uart_open(void)
{
	uart = slot_next();
	return !io_port_control_get(
		BOOT_SLOT_IO_PORTS, UART_PORT, UART_PORTS, SELF_CNODE, uart);
}

void
arch_uart_set(unsigned number, uint8_t value)
{
	(void)io_port_write(uart, number, 1, value);
}

void
arch_uart_close(void)
{
	(void)cnode_delete(SELF_CNODE, uart);
}
