/* SPDX-License-Identifier: MIT */
/*
 * The harness of the kernel's tests: runs each case between retype and
 * revoke of an Untyped, and says what came of it.
 */
#include "harness.h"
#include "arch.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glenda/start.h>

#define CASE_PAGES 2048
#define STACK_BYTES 8192
#define CRASH_ADDRESS 8
#define CRASH_PATIENCE 100
#define UTCB_AREA UINT64_C(0x28000000)

const struct boot_info *boot;
cptr_t untyped;
static cptr_t root_untyped;
static cptr_t next_slot, first_slot;
static unsigned workers;
static cptr_t utcb_frame;
static char message[256];
static uint8_t stacks[WORKER_MAX][STACK_BYTES] __attribute__((aligned(16)));

void
print(const char *format, ...)
{
	char line[240];
	va_list list;
	int length;

	va_start(list, format);
	length = vsnprintf(line, sizeof(line), format, list);
	va_end(list);
	if (length >= (int)sizeof(line))
		length = sizeof(line) - 1;
	console_write(BOOT_SLOT_CONSOLE, (vaddr_t)line, (size_t)length);
}

const char *
failure(int line, const char *what, int64_t got, int64_t wanted)
{
	snprintf(message, sizeof(message), "line %d: %s is %lld, not %lld",
		line, what, (long long)got, (long long)wanted);
	return message;
}

cptr_t
slot_next(void)
{
	return next_slot++;
}

cptr_t
make(uint32_t type, uint64_t param)
{
	cptr_t slot = slot_next();

	if (untyped_retype(untyped, type, param, 1, SELF_CNODE, slot, 0))
		return 0;
	return slot;
}

cptr_t
badged(cptr_t from, uint64_t badge)
{
	cptr_t slot = slot_next();

	if (cnode_mint(SELF_CNODE, slot, from, RIGHT_ALL, badge))
		return 0;
	return slot;
}

static status_t
add_table(cptr_t space, vaddr_t address)
{
	uint64_t level;

	return vspace_map_table(
		space, address, make(OBJECT_PAGE_TABLE, 0), &level);
}

status_t
space_map(cptr_t space, vaddr_t address, cptr_t frame, uint64_t page,
	uint64_t count, uint64_t rights)
{
	uint64_t done = 0, level;
	status_t status;

	while ((status = vspace_map(space, address, frame, page, count, rights,
			&done, &level)) == STATUS_NO_TABLE) {
		address += done << 12;
		page += done;
		count -= done;
		status = add_table(space, address);
		if (status)
			return status;
	}
	return status;
}

static status_t
space_share(cptr_t space, vaddr_t address, uint64_t count)
{
	uint64_t done = 0, level;
	status_t status;

	while ((status = vspace_share(space, SELF_VSPACE, address, count, 0,
			&done, &level)) == STATUS_NO_TABLE) {
		address += done << 12;
		count -= done;
		status = add_table(space, address);
		if (status)
			return status;
	}
	return status;
}

static status_t
utcbs_ready(void)
{
	if (utcb_frame)
		return STATUS_OK;
	utcb_frame = make(OBJECT_FRAME, (WORKER_MAX + 3) / 4);
	return space_map(SELF_VSPACE, UTCB_AREA, utcb_frame, 0,
		(WORKER_MAX + 3) / 4, RIGHT_READ | RIGHT_WRITE);
}

cptr_t
space_make(void)
{
	cptr_t space = make(OBJECT_VSPACE, 0);

	if (!space || utcbs_ready() ||
		space_share(space, boot->image_address, boot->image_pages) ||
		space_share(space, UTCB_AREA, (WORKER_MAX + 3) / 4))
		return 0;
	return space;
}

static void
worker_end(void)
{
	cptr_t tcb = utcb_self()->user[1];

	for (;;)
		tcb_stop(tcb);
}

struct worker
worker_start(const struct worker_setup *setup)
{
	struct worker worker = {0, NULL, workers};
	uint64_t registers[32] = {0};
	vaddr_t utcb = UTCB_AREA + workers * UTCB_SIZE;

	if (workers == WORKER_MAX || utcbs_ready())
		return worker;
	memset((void *)utcb, 0, UTCB_SIZE);
	worker.tcb = make(OBJECT_TCB, 0);
	worker.utcb = (struct utcb *)utcb;
	worker.utcb->user[0] = utcb;
	worker.utcb->user[1] = worker.tcb;
	arch_start(registers,
		&(struct arch_start){.entry = setup->entry,
			.end = worker_end,
			.stack = (uint64_t)(stacks[workers] + STACK_BYTES),
			.utcb = utcb,
			.argument = setup->argument});
	if (tcb_configure(worker.tcb, SELF_CNODE,
		    setup->space ? setup->space : SELF_VSPACE, utcb_frame,
		    workers * UTCB_SIZE, utcb, setup->fault, setup->tag) ||
		tcb_set_schedule(worker.tcb, 0,
			setup->priority ? setup->priority : PRIORITY_LOW, 10000,
			1) ||
		tcb_write_registers(worker.tcb, registers, arch_registers) ||
		(!setup->hold && tcb_resume(worker.tcb)))
		worker.tcb = 0;
	workers++;
	return worker;
}

status_t
worker_confine(const struct worker *worker, cptr_t cspace, cptr_t space)
{
	return tcb_configure(worker->tcb, cspace, space, utcb_frame,
		worker->number * UTCB_SIZE, (vaddr_t)worker->utcb, 0, 0);
}

void
harness_rewind(cptr_t slot)
{
	next_slot = slot;
	workers = 0;
	utcb_frame = 0;
}

/* A timer far enough away wakes us once everybody else had their turn. */
void
settle(void)
{
	cptr_t notification = badged(make(OBJECT_NOTIFICATION, 0), 1);
	cptr_t timer = make(OBJECT_TIMER, 0);
	struct message m = {0};
	struct sender sender;

	timer_set(timer, clock_ticks() + ticks_us(3000), notification);
	syscall_receive(SYSCALL_RECV, notification, 0, &m, &sender);
}

uint64_t
worker_state(const struct worker *worker)
{
	uint64_t state = 99, other;

	tcb_info(worker->tcb, &state, &other, &other, &other, &other, &other,
		&other);
	return state;
}

uint64_t
ticks_us(uint64_t us)
{
	return us * boot->clock_frequency / 1000000;
}

uint64_t
instructions(void)
{
	return arch_instructions();
}

void
figure(const char *operation, uint64_t value)
{
	print("FIGURE %s %llu instructions\n", operation,
		(unsigned long long)value);
}

static cptr_t
largest_untyped(void)
{
	const struct boot_region *best = NULL;
	uint32_t i;

	for (i = 0; i < boot->region_count; i++)
		if (boot->regions[i].kind == BOOT_REGION_UNTYPED &&
			(!best || boot->regions[i].pages > best->pages))
			best = &boot->regions[i];
	return best ? best->slot : 0;
}

static bool
run_case(const struct test *test)
{
	verdict_t verdict;
	size_t base, size, left;
	status_t status;

	next_slot = first_slot;
	workers = 0;
	utcb_frame = 0;
	untyped = slot_next();
	status = untyped_retype(root_untyped, OBJECT_UNTYPED, CASE_PAGES, 1,
		SELF_CNODE, untyped, 0);
	if (status) {
		print("FAIL %s: no memory for it: %d\n", test->name, status);
		return false;
	}
	memset(utcb_self(), 0, 0x320);
	verdict = test->run();
	status = cnode_revoke(SELF_CNODE, root_untyped);
	if (!verdict && status)
		verdict = failure(__LINE__, "revoke", status, 0);
	if (!verdict && untyped_info(root_untyped, &base, &size, &left))
		verdict = "no information on the Untyped";
	if (!verdict && left != size)
		verdict = "revoke left memory behind";
	if (verdict)
		print("FAIL %s: %s\n", test->name, verdict);
	else
		print("PASS %s\n", test->name);
	return !verdict;
}

static const struct test *const suites[] = {
	tests_boot,
	tests_caps,
	tests_memory,
	tests_threads,
	tests_traps,
	tests_ipc,
	tests_lease,
	tests_faults,
	tests_redirect,
	tests_sched,
	tests_arch,
	tests_fuzz,
	tests_figures,
};

/* The command line may name one case: test=NAME. */
static bool
is_wanted(const struct test *test)
{
	const char *only = strstr(boot->arguments, "test=");

	return !only || !strcmp(only + 5, test->name);
}

/* What a fault of the first program leads to is seen from outside. */
static void
crash(uint64_t argument)
{
	volatile uintptr_t nowhere = CRASH_ADDRESS;

	(void)argument;
	*(volatile int *)nowhere = 1;
}

/* The same in another thread that nobody handles the faults of. */
static verdict_t
crash_beside(void)
{
	struct worker_setup setup = {.entry = crash};

	CHECK(worker_start(&setup).tcb);
	for (unsigned i = 0; i < CRASH_PATIENCE; i++)
		settle();
	return "the system goes on";
}

static const struct test crash_test = {"crash_beside", crash_beside};

_Noreturn void
runtime_main(uintptr_t start)
{
	unsigned passed = 0, failed = 0;
	const struct test *test;
	size_t i;

	boot = (const struct boot_info *)start;
	if (strstr(boot->arguments, "crash=self"))
		crash(0);
	first_slot = boot->first_free_slot;
	root_untyped = largest_untyped();
	if (strstr(boot->arguments, "crash=beside"))
		run_case(&crash_test);
	for (i = 0; i < sizeof(suites) / sizeof(suites[0]); i++)
		for (test = suites[i]; test->name; test++)
			if (is_wanted(test))
				run_case(test) ? passed++ : failed++;
	print("%u passed, %u failed, 0 skipped\n", passed, failed);
	power_off(BOOT_SLOT_POWER);
	for (;;)
		;
}

void *
sbrk(ptrdiff_t increment)
{
	(void)increment;
	return (void *)-1;
}

_Noreturn void
_exit(int status)
{
	print("FAIL exit: %d\n", status);
	power_off(BOOT_SLOT_POWER);
	for (;;)
		;
}

const struct start_info *
start_info(void)
{
	return NULL;
}

cptr_t
start_cap(const char *name)
{
	(void)name;
	return 0;
}
