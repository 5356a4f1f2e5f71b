/* SPDX-License-Identifier: MIT
 *
 * The trap context and the dispatch on the cause (row A8), x86_64: what a new
 * context holds, what of it a program may set, and which fault each exception
 * of the manual becomes.
 */
#include "panic.h"
#include "processor.h"
#include "thread.h"
#include "trap.h"

#include <machine/cpu.h>
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
struct processor processors[PROCESSORS_MAX];

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
		uaddr_make(0x3ffeffffe000));
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
	assert_int_equal(CONTEXT_REGISTERS, 20);
	for (i = 0; i < CONTEXT_REGISTERS; i++)
		if (i != REGISTER_IP && i != REGISTER_SP && i != REGISTER_FLAGS)
			assert_int_equal(x[i], 0);
	assert_int_equal(x[REGISTER_IP], 0x200040);
	assert_int_equal(x[REGISTER_SP], 0x3ffeffffe000);
	/* Interrupts on, nothing else; left by iret, floating point off. */
	assert_int_equal(x[REGISTER_FLAGS], 0x202);
	assert_true(thread.context.whole);
	assert_false(context_fp_is_on(&thread.context));
	/* As a native program finds it, the contract's 7.4. */
	context_set_start(&thread.context, 0x7000, 0x8000);
	assert_int_equal(x[REGISTER_DI], 0x7000);
	assert_int_equal(x[REGISTER_FS], 0x8000);
	assert_int_equal(x[REGISTER_SP], 0x3ffeffffdff8);
}

static void
a_context_knows_stack_and_processor(void **state)
{
	struct processor processor = {.kernel_stack = 0x1234000};

	(void)state;
	context_bind(&thread.context, &processor);
	assert_int_equal(thread.context.kernel_stack, 0x1234000);
	assert_ptr_equal(thread.context.processor, &processor);
}

static void
programs_set_what_they_may(void **state)
{
	uint64_t words[CONTEXT_REGISTERS];
	const uint64_t *x = context_registers_of(&thread.context);
	unsigned i;

	(void)state;
	for (i = 0; i < CONTEXT_REGISTERS; i++)
		words[i] = UINT64_MAX;
	thread.context.whole = false;
	context_set_registers(&thread.context, words, CONTEXT_REGISTERS);
	/* Where nothing can be mapped, in the lower half. */
	assert_int_equal(x[REGISTER_IP], 0x7fffffffffff);
	assert_int_equal(x[REGISTER_SP], UINT64_MAX);
	/* No privilege level, nested task, virtual mode; interrupts stay. */
	assert_int_equal(x[REGISTER_FLAGS], 0x240fd7);
	assert_true(thread.context.whole);
	words[REGISTER_IP] = UINT64_C(0x7ffffffff123);
	words[REGISTER_FLAGS] = 0;
	words[REGISTER_FS] = UINT64_C(0x1234800000000000);
	words[REGISTER_GS] = UINT64_C(0xfff07fffffffffff);
	context_set_registers(&thread.context, words, CONTEXT_REGISTERS);
	assert_int_equal(x[REGISTER_IP], 0x7ffffffff123);
	assert_int_equal(x[REGISTER_FLAGS], 0x202);
	assert_int_equal(x[REGISTER_FS], UINT64_C(0xffff800000000000));
	assert_int_equal(x[REGISTER_GS], UINT64_C(0x00007fffffffffff));
	/* Only the first ones. */
	words[REGISTER_IP] = 0x1000;
	words[REGISTER_DI] = 5;
	words[REGISTER_BP] = 6;
	context_set_registers(&thread.context, words, REGISTER_BP);
	assert_int_equal(x[REGISTER_IP], 0x1000);
	assert_int_equal(x[REGISTER_DI], 5);
	assert_int_equal(x[REGISTER_BP], UINT64_MAX);
}

static void
an_interruption_in_the_exit_sequence_starts_it_over(void **state)
{
	struct utcb utcb = {.save_number = 0};
	uint64_t window = 0x7ffff0000000;

	(void)state;
	context_set_pc(&thread.context, window + EXIT_SEQUENCE - 1);
	context_mark_sticky(&thread.context, &utcb, window);
	assert_int_equal(utcb.save_number, 1);
	assert_int_equal(context_pc(&thread.context), window);
	context_clear_sticky(&utcb);
	assert_int_equal(utcb.save_number, 0);
	context_set_pc(&thread.context, window + EXIT_SEQUENCE);
	context_mark_sticky(&thread.context, &utcb, window);
	assert_int_equal(context_pc(&thread.context), window + EXIT_SEQUENCE);
}

/* The exceptions of the manual; of a page fault bit 1 of the error is a write
 * and bit 4 a fetch. */
static const struct {
	uint64_t cause;
	uint32_t kind;
	uint32_t access;
	uint64_t address; /* of what was at 0x7000, by the code at 0x200040 */
} table[] = {
	{0, FAULT_ARITHMETIC, CAP_EXECUTE, 0x200040},
	{1, FAULT_BREAKPOINT, CAP_EXECUTE, 0x200040},
	{3, FAULT_BREAKPOINT, CAP_EXECUTE, 0x200040},
	{6, FAULT_ILLEGAL, CAP_EXECUTE, 0x200040},
	{10, FAULT_BUS, CAP_EXECUTE, 0x200040},
	{11, FAULT_BUS, CAP_EXECUTE, 0x200040},
	{12, FAULT_BUS, CAP_EXECUTE, 0x200040},
	{13, FAULT_PAGE, CAP_EXECUTE, UINT64_MAX},
	{14 | 0x4 << 8, FAULT_PAGE, CAP_READ, 0x7000},
	{14 | 0x5 << 8, FAULT_PAGE, CAP_READ, 0x7000},
	{14 | 0x6 << 8, FAULT_PAGE, CAP_WRITE, 0x7000},
	{14 | 0x7 << 8, FAULT_PAGE, CAP_WRITE, 0x7000},
	{14 | 0x14 << 8, FAULT_PAGE, CAP_EXECUTE, 0x7000},
	{16, FAULT_ARITHMETIC, CAP_EXECUTE, 0x200040},
	{17, FAULT_ALIGNMENT, CAP_EXECUTE, 0x200040},
	{19, FAULT_ARITHMETIC, CAP_EXECUTE, 0x200040},
};

static void
each_exception_has_its_fault(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		trap_exception(&thread, table[i].cause, 0x7000);
		assert_int_equal(faults, i + 1);
		assert_int_equal(kind, table[i].kind);
		assert_int_equal(access, table[i].access);
		assert_int_equal(thread.fault_cause, table[i].cause);
		assert_int_equal(thread.fault_address, table[i].address);
	}
	assert_int_equal(fp_wishes, 0);
	trap_exception(&thread, 7, 0);
	assert_int_equal(fp_wishes, 1);
	assert_int_equal(faults, sizeof(table) / sizeof(table[0]));
}

static void
what_cannot_come_from_a_user_is_a_panic(void **state)
{
	static const uint64_t causes[] = {2, 8, 9, 15, 18, 20, 31};
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
		TEST(a_context_knows_stack_and_processor),
		TEST(programs_set_what_they_may),
		TEST(an_interruption_in_the_exit_sequence_starts_it_over),
		TEST(each_exception_has_its_fault),
		TEST(what_cannot_come_from_a_user_is_a_panic),
	};

	return cmocka_run_group_tests_name("kernel_trap", tests, NULL, NULL);
}
