/* SPDX-License-Identifier: MIT */
/*
 * Registers come from the TCB, symbols from the image in the boot archive.
 * Natives keep no frame pointers, so the backtrace is what the stack holds of
 * addresses that follow a call instruction.
 */
#include "report.h"

#include "load.h"
#include "registers.h"

#include <elf.h>
#include <glenda/factotum.h>
#include <glenda/kernel_calls.h>
#include <stdio.h>

#define STACK_WORDS 512
#define TRACE_MAX 12

const char *
report_kind(uint32_t label)
{
	switch (label) {
	case FAULT_PAGE:
		return "page fault";
	case FAULT_ILLEGAL:
		return "illegal instruction";
	case FAULT_BREAKPOINT:
		return "breakpoint";
	case FAULT_ALIGNMENT:
		return "misaligned access";
	case FAULT_BUS:
		return "bus error";
	case FAULT_SYSCALL:
		return "unknown system call";
	case FAULT_ARITHMETIC:
		return "arithmetic error";
	}
	return "unknown fault";
}

const char *
report_access(unsigned access)
{
	if (access & FACTOTUM_PROT_EXEC)
		return "executing";
	return access & FACTOTUM_PROT_WRITE ? "writing" : "reading";
}

static void
print_address(const struct process *process, const char *what, vaddr_t pc)
{
	struct elf_symbol symbol;
	size_t size;
	const void *bytes = archive_bytes(process->image, &size);

	if (bytes && elf_symbol_find(bytes, size, pc, &symbol) == ELF_OK)
		printf("  %s %#lx %s+%#lx\n", what, (unsigned long)pc,
			symbol.name, (unsigned long)symbol.offset);
	else
		printf("  %s %#lx\n", what, (unsigned long)pc);
}

static bool
executable(const struct process *process, vaddr_t address)
{
	const struct area *area = area_find(process->space, address);

	return area && area->prot & FACTOTUM_PROT_EXEC;
}

/* Does a call instruction stand before this address? */
static bool
follows_call(const struct process *process, vaddr_t address)
{
	uint8_t before[ARCH_CALL_BYTES];
	vaddr_t start = address - sizeof(before);

	if (address % ARCH_CODE_ALIGN || !executable(process, start) ||
		space_read(process->space, start, before, sizeof(before)) < 0)
		return false;
	return arch_is_call(before);
}

static void
print_backtrace(struct thread *thread, vaddr_t sp)
{
	struct process *process = thread->process;
	unsigned found = 0;

	for (unsigned i = 0; i < STACK_WORDS && found < TRACE_MAX; i++) {
		uint64_t word;

		if (!area_find(process->space, sp + i * 8) ||
			space_read(process->space, sp + i * 8, &word, 8) < 0)
			return;
		if (!follows_call(process, word))
			continue;
		print_address(process, "from", word);
		found++;
	}
}

static void
print_registers(const uint64_t *registers)
{
	for (unsigned i = 1; i < ARCH_REGISTERS; i++)
		printf("%s%6s %16lx%s", i % 4 == 1 ? "  " : " ",
			arch_register_name(i), (unsigned long)registers[i],
			i % 4 == 0 || i == ARCH_REGISTERS - 1 ? "\n" : "");
}

void
report_fault(struct thread *thread, const struct fault_report *fault)
{
	const struct process *process = thread->process;
	uint64_t registers[ARCH_REGISTERS] = {0};

	printf("process %u (%s), thread %u: %s %s %#lx\n",
		(unsigned)process->pid, process->name, (unsigned)thread->tid,
		report_kind(fault->label), report_access(fault->access),
		(unsigned long)fault->address);
	print_address(process, "at", fault->pc);
	if (tcb_read_registers(thread->tcb, registers, ARCH_REGISTERS) < 0)
		return;
	if (follows_call(process, arch_link(registers)))
		print_address(process, "from", arch_link(registers));
	print_backtrace(thread, registers[ARCH_SP] & ~7ul);
	print_registers(registers);
}
