/* SPDX-License-Identifier: MIT
 *
 * The trap context and the dispatch on the cause (row A8), riscv64: what a new
 * context holds, and which fault each cause of the manual becomes.
 */
#include "panic.h"
#include "processor.h"
#include "thread.h"
#include "trap.h"

#include <machine/csr.h>
#include <stdlib.h>
#include <string.h>

/* cmocka.h needs these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct processor *host_processor;
uint64_t host_clock;

static struct thread thread;
static uint32_t kind, access;
static unsigned faults, fp_wishes, panics;

void
trap_from_user(struct thread *from, uint64_t cause, uint64_t address)
{
	(void)from;
	(void)cause;
	(void)address;
	abort();
}

void
trap_fault(struct thread *from, uint32_t got_kind, uint32_t got_access)
{
	assert_ptr_equal(from, &thread);
	kind = got_kind;
	access = got_access;
	faults++;
}

void
trap_fp_wanted(struct thread *from)
{
	assert_ptr_equal(from, &thread);
	fp_wishes++;
}

void
panic(const char *format, ...)
{
	(void)format;
	panics++;
	mock_assert(0, "panic", __FILE__, __LINE__);
	abort();
}

void
panic_trap(const struct trap_context *context, const char *format, ...)
{
	(void)context;
	panic("%s", format);
}

static int
begin(void **state)
{
	(void)state;
	memset(&thread, 0, sizeof(thread));
	context_init(&thread.context, uaddr_make(0x200040),
		uaddr_make(0x3fbffff000));
	faults = fp_wishes = panics = 0;
	kind = access = 99;
	return 0;
}

static void
a_new_context_has_stack_mode_and_entry(void **state)
{
	const uint64_t *x = context_registers_of(&thread.context);
	unsigned i;

	(void)state;
	assert_int_equal(CONTEXT_REGISTERS, 32);
	assert_int_equal(x[2], 0x3fbffff000);
	assert_int_equal(x[0], 0x200040);
	assert_int_equal(context_pc(&thread.context), 0x200040);
	for (i = 1; i < 32; i++)
		if (i != 2)
			assert_int_equal(x[i], 0);
	/* To user mode, with interrupts on there, and floating point off. */
	assert_int_equal(thread.context.status & SSTATUS_SPP, 0);
	assert_true(thread.context.status & SSTATUS_SPIE);
	assert_int_equal(thread.context.status & SSTATUS_FS, 0);
	assert_int_equal(thread.context.status & SSTATUS_SIE, 0);
}

static void
a_context_knows_stack_and_handler(void **state)
{
	struct processor processor = {.kernel_stack = 0x1234000};

	(void)state;
	context_bind(&thread.context, &processor);
	assert_int_equal(thread.context.kernel_stack, 0x1234000);
	assert_ptr_equal(thread.context.processor, &processor);
	assert_int_equal(thread.context.handler, (uint64_t)trap_from_user);
}

/* The exception codes of the privileged manual, table of scause. */
static const struct {
	uint64_t cause;
	uint32_t kind;
	uint32_t access;
} table[] = {
	{0, FAULT_ALIGNMENT, CAP_EXECUTE},
	{1, FAULT_BUS, CAP_EXECUTE},
	{3, FAULT_BREAKPOINT, CAP_EXECUTE},
	{4, FAULT_ALIGNMENT, CAP_READ},
	{5, FAULT_BUS, CAP_READ},
	{6, FAULT_ALIGNMENT, CAP_WRITE},
	{7, FAULT_BUS, CAP_WRITE},
	{12, FAULT_PAGE, CAP_EXECUTE},
	{13, FAULT_PAGE, CAP_READ},
	{15, FAULT_PAGE, CAP_WRITE},
};

static void
each_cause_has_its_fault(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		trap_exception(&thread, table[i].cause, 0x7000 + i);
		assert_int_equal(faults, i + 1);
		assert_int_equal(kind, table[i].kind);
		assert_int_equal(access, table[i].access);
		assert_int_equal(thread.fault_cause, table[i].cause);
		assert_int_equal(thread.fault_address, 0x7000 + i);
	}
}

static void
an_illegal_instruction_may_want_floating_point(void **state)
{
	(void)state;
	trap_exception(&thread, 2, 0);
	assert_int_equal(fp_wishes, 1);
	assert_int_equal(faults, 0);
	context_fp_set(&thread.context, true);
	trap_exception(&thread, 2, 0xbad);
	assert_int_equal(fp_wishes, 1);
	assert_int_equal(kind, FAULT_ILLEGAL);
	assert_int_equal(thread.fault_address, 0xbad);
}

static void
what_cannot_come_from_a_user_is_a_panic(void **state)
{
	static const uint64_t causes[] = {9, 10, 11, 14, 16, 24, UINT64_MAX};
	static unsigned i;

	(void)state;
	for (i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		expect_assert_failure(trap_exception(&thread, causes[i], 0));
	assert_int_equal(panics, sizeof(causes) / sizeof(causes[0]));
	assert_int_equal(faults, 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, begin)
	const struct CMUnitTest tests[] = {
		TEST(a_new_context_has_stack_mode_and_entry),
		TEST(a_context_knows_stack_and_handler),
		TEST(each_cause_has_its_fault),
		TEST(an_illegal_instruction_may_want_floating_point),
		TEST(what_cannot_come_from_a_user_is_a_panic),
	};

	return cmocka_run_group_tests_name("kernel_trap", tests, NULL, NULL);
}
