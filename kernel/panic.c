/* SPDX-License-Identifier: MIT
 *
 * Panic: everything that helps to find out why, then power-off as a failure.
 * A panic inside a panic only says so. Addresses are named with the table
 * that the build makes of the kernel's own symbols (tools/ksyms.py).
 */
#include "panic.h"
#include "console.h"
#include "processor.h"
#include "thread.h"

#include <arch/platform.h>

#define BACKTRACE_MAX 32

struct ksym {
	uint64_t address;
	uint32_t name;
	uint32_t pad;
};

extern const struct ksym ksyms_table[];
extern const uint64_t ksyms_count;
extern const char ksyms_names[];

static bool panicking;

static const struct ksym *
symbol_find(uint64_t address)
{
	uint64_t low = 0, high = ksyms_count;

	while (low < high) {
		uint64_t middle = (low + high) / 2;

		if (ksyms_table[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &ksyms_table[low - 1] : NULL;
}

static void
print_address(uint64_t address)
{
	const struct ksym *symbol = symbol_find(address);

	if (symbol)
		console_print("  %016lx %s+0x%lx\n", address,
			ksyms_names + symbol->name, address - symbol->address);
	else
		console_print("  %016lx\n", address);
}

static void
print_registers(const uint64_t *registers)
{
	unsigned i;

	for (i = 0; i < CONTEXT_REGISTERS; i++)
		console_print("%s%2u %016lx%s", i % 4 ? "  " : "  r", i,
			registers[i], i % 4 == 3 ? "\n" : "");
}

static void
print_thread(const struct thread *thread)
{
	if (!thread) {
		console_print("thread: none, the processor was idle\n");
		return;
	}
	console_print("thread %p tag 0x%lx state %u flags 0x%x priority %u\n",
		(const void *)thread, thread->tag, thread->state, thread->flags,
		thread->priority);
	print_registers(context_registers_of(&thread->context));
}

static _Noreturn void
panic_rest(const struct trap_context *context, uint64_t frame)
{
	uint64_t addresses[BACKTRACE_MAX];
	unsigned count, i;

	if (context) {
		console_print("kernel registers (r0 is the pc)\n");
		print_registers(context_registers_of(context));
	}
	print_thread(processor_self()->current);
	console_print("backtrace\n");
	if (context)
		print_address(context_pc(context));
	count = platform_backtrace(frame, addresses, BACKTRACE_MAX);
	for (i = 0; i < count; i++)
		print_address(addresses[i]);
	platform_off(true);
}

static void
panic_begin(const char *format, va_list list)
{
	if (panicking) {
		console_print("\npanic within a panic\n");
		platform_off(true);
	}
	panicking = true;
	console_print("\nKERNEL PANIC: ");
	console_print_list(format, list);
	console_print("\nprocessor %u, clock %lu\n", processor_self()->number,
		clock_now());
}

void
panic(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	panic_begin(format, list);
	va_end(list);
	panic_rest(NULL, (uint64_t)__builtin_frame_address(0));
}

void
panic_trap(const struct trap_context *context, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	panic_begin(format, list);
	va_end(list);
	panic_rest(context, context_frame(context));
}
