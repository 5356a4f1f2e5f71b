/* SPDX-License-Identifier: MIT */
/*
 * Signal frames against the host's Linux: what frame_push makes, its
 * rt_sigreturn takes; what it makes, frame_pop takes apart.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arch/fp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "frame.h"
#include "return.h"

#define STACK_BYTES 65536
#define RESTORER UINT64_C(0x1234567890)
#define HANDLER UINT64_C(0x2345678901)
#define FLAGS_WANTED UINT64_C(0x8d7) /* and what is always 1 */
#define SA_RESTORER_BIT UINT64_C(0x04000000)

static struct line_process process;

static uint64_t
stack_top(void)
{
	static char *stack;

	if (!stack)
		stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(stack, MAP_FAILED);
	return (uintptr_t)stack + STACK_BYTES;
}

static void
registers_fill(uint64_t *registers)
{
	for (unsigned i = 0; i < CONTEXT_COUNT; i++)
		registers[i] = UINT64_C(0x1111111111111111) * (i % 15 + 1);
	registers[REG_PC] = (uintptr_t)return_landing;
	registers[REG_SP] = stack_top() - 3000;
	registers[REG_FLAGS] = FLAGS_WANTED;
}

static const struct line_action action = {
	.handler = HANDLER,
	.flags = SA_RESTORER_BIT,
	.restorer = RESTORER,
};

static struct frame
frame_make(const uint64_t *registers)
{
	struct frame frame = {
		.process = &process,
		.action = &action,
		.signal = SIGUSR1,
		.top = registers[REG_SP] - RED_ZONE,
		.stack_flags = SS_DISABLE,
	};
	uint32_t number = SIGUSR1;

	memcpy(frame.info, &number, sizeof(number));
	return frame;
}

/* The compiler has no use for the last one. */
static void
vector_set(uint64_t seed)
{
	uint64_t value[2] = {seed, ~seed};

	__asm__ volatile("movups %0, %%xmm15" : : "m"(value) : "xmm15");
}

static void
vector_get(uint64_t *value)
{
	__asm__ volatile("movups %%xmm15, %0" : "=m"(*(uint64_t(*)[2])value));
}

static void
handlers_get_what_linux_gives(void **state)
{
	uint64_t registers[REG_COUNT], copy[REG_COUNT];
	const struct {
		uint64_t restorer;
		ucontext_t context;
	} * frame;
	struct frame f;

	(void)state;
	registers_fill(registers);
	memcpy(copy, registers, sizeof(copy));
	f = frame_make(registers);
	f.mask = UINT64_C(0x123400);
	assert_int_equal(frame_push(registers, &f), 0);
	frame = (const void *)(uintptr_t)registers[REG_SP];
	assert_int_equal(registers[REG_SP] % 16, 8);
	assert_int_equal(registers[REG_PC], HANDLER);
	assert_int_equal(registers[REG_RDI], SIGUSR1);
	assert_int_equal(registers[REG_RAX], 0);
	assert_ptr_equal(
		(const void *)(uintptr_t)registers[REG_RDX], &frame->context);
	assert_int_equal(*(const int *)(uintptr_t)registers[REG_RSI], SIGUSR1);
	assert_int_equal(frame->restorer, RESTORER);
	assert_int_equal(frame->context.uc_mcontext.gregs[16], copy[REG_PC]);
	assert_int_equal(frame->context.uc_mcontext.gregs[15], copy[REG_SP]);
	assert_int_equal(frame->context.uc_mcontext.gregs[0], copy[9]);
	assert_int_equal((uintptr_t)frame->context.uc_mcontext.fpregs % 64, 0);
	assert_true((uintptr_t)frame->context.uc_mcontext.fpregs +
			fp_frame_bytes(&process) <=
		copy[REG_SP] - RED_ZONE);
	assert_int_equal(frame->context.uc_mcontext.fpregs->mxcsr, 0x1f80);
	assert_memory_equal(&frame->context.uc_sigmask, &f.mask, 8);
}

static void
linux_returns_from_our_frames(void **state)
{
	uint64_t registers[REG_COUNT], copy[REG_COUNT];
	struct landed landed;
	struct frame f;

	(void)state;
	registers_fill(registers);
	memcpy(copy, registers, sizeof(copy));
	f = frame_make(registers);
	vector_set(0x5a5a123412345a5a);
	assert_int_equal(frame_push(registers, &f), 0);
	vector_set(1);
	return_through(registers[REG_SP], &landed);
	for (unsigned i = 0; i < REG_FLAGS; i++)
		assert_int_equal(landed.registers[i], copy[i]);
	assert_int_equal(
		landed.registers[REG_FLAGS] & FLAGS_WANTED, FLAGS_WANTED);
	assert_int_equal(landed.vector[15][0], 0x5a5a123412345a5a);
	assert_int_equal(landed.vector[15][1], ~UINT64_C(0x5a5a123412345a5a));
}

static void
our_frames_come_back_to_us(void **state)
{
	uint64_t registers[REG_COUNT], copy[REG_COUNT], vector[2];
	struct frame f, back = {.process = &process};

	(void)state;
	registers_fill(registers);
	memcpy(copy, registers, sizeof(copy));
	f = frame_make(registers);
	f.mask = 77;
	f.stack_pointer = 4096;
	f.stack_size = 8192;
	f.stack_flags = 0;
	vector_set(99);
	assert_int_equal(frame_push(registers, &f), 0);
	vector_get(vector);
	assert_int_equal(vector[0], 0); /* the handler begins afresh */
	memset(copy + REG_FS_BASE, 0, 16);
	assert_int_equal(frame_pop(registers, registers[REG_SP] + 8, &back), 0);
	vector_get(vector);
	assert_int_equal(vector[0], 99);
	assert_memory_equal(registers, copy, 8 * REG_FS_BASE);
	assert_int_equal(back.mask, 77);
	assert_int_equal(back.stack_pointer, 4096);
	assert_int_equal(back.stack_size, 8192);
	assert_int_equal(back.stack_flags, 0);
}

/* A frame that lost the marks of its longer form is an older one. */
static void
frames_without_marks_are_taken(void **state)
{
	uint64_t registers[REG_COUNT], vector[2];
	struct frame f, back = {.process = &process};
	ucontext_t *context;

	(void)state;
	registers_fill(registers);
	f = frame_make(registers);
	vector_set(31);
	assert_int_equal(frame_push(registers, &f), 0);
	context = (void *)(uintptr_t)registers[REG_RDX];
	memset((char *)context->uc_mcontext.fpregs + 464, 0, 48);
	vector_set(1);
	assert_int_equal(frame_pop(registers, registers[REG_SP] + 8, &back), 0);
	vector_get(vector);
	assert_int_equal(vector[0], 31);
}

static struct {
	uint64_t registers[REG_COUNT];
	greg_t linux_has[NGREG];
	struct frame frame;
	int64_t result;
	uint64_t vector[2];
} taken;

static void
take_apart(int signal, siginfo_t *info, void *context)
{
	ucontext_t *c = context;

	(void)signal;
	(void)info;
	taken.frame.process = &process;
	memcpy(taken.linux_has, c->uc_mcontext.gregs, sizeof(taken.linux_has));
	taken.result =
		frame_pop(taken.registers, (uintptr_t)context, &taken.frame);
	vector_get(taken.vector);
}

static void
frames_of_linux_are_taken(void **state)
{
	static const uint8_t order[] = {
		9, 10, 11, 12, 13, 14, 15, 16, 6, 5, 7, 2, 4, 1, 3, 8, 0, 17};
	const struct sigaction with_info = {
		.sa_sigaction = take_apart, .sa_flags = SA_SIGINFO};
	sigset_t set;

	(void)state;
	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigaction(SIGUSR2, &with_info, NULL);
	vector_set(12345);
	syscall(SYS_tkill, syscall(SYS_gettid), SIGUSR2);
	assert_int_equal(taken.result, 0);
	for (unsigned i = 0; i < sizeof(order); i++)
		assert_int_equal(taken.registers[order[i]], taken.linux_has[i]);
	assert_int_equal(taken.vector[0], 12345);
	assert_int_equal(taken.frame.mask, UINT64_C(1) << (SIGWINCH - 1));
	assert_int_equal(taken.frame.stack_flags, SS_DISABLE);
}

static void
a_full_stack_is_no_place(void **state)
{
	uint64_t registers[REG_COUNT];
	struct frame f;

	(void)state;
	registers_fill(registers);
	f = frame_make(registers);
	f.floor = f.top - 400;
	assert_int_equal(frame_push(registers, &f), -14);
	assert_int_equal(registers[REG_PC], (uintptr_t)return_landing);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(handlers_get_what_linux_gives),
		cmocka_unit_test(linux_returns_from_our_frames),
		cmocka_unit_test(our_frames_come_back_to_us),
		cmocka_unit_test(frames_without_marks_are_taken),
		cmocka_unit_test(frames_of_linux_are_taken),
		cmocka_unit_test(a_full_stack_is_no_place),
	};

	fp_measure(&process);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
