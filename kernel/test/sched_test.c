/* SPDX-License-Identifier: MIT
 *
 * The scheduler (rows A12, Y2) with a clock that the test moves: who runs, in
 * which order, what is counted and recorded, and at random that no queue ever
 * holds a thread twice, or one that must not run.
 */
#include "panic.h"
#include "processor.h"
#include "sched.h"
#include "thread.h"
#include "timer.h"
#include "vspace.h"

#include <machine/memory.h>
#include <string.h>

/* cmocka.h needs these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define THREADS 12
#define SLICE 1000
#define NEVER UINT64_MAX
#define STEPS 300000

_Alignas(4096) unsigned char host_ram[HOST_RAM_SIZE];
struct processor *host_processor = &processors[0];
uint64_t host_clock;
uint64_t host_root;
unsigned host_root_loads;

static struct processor *const self = &processors[0];
static struct thread threads[THREADS];
static uint64_t programmed;

void
panic(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vprint_error(format, list);
	va_end(list);
	fail();
	__builtin_unreachable();
}

void
clock_interrupt_at(uint64_t deadline)
{
	programmed = deadline;
}

uint64_t
timers_next(void)
{
	return NEVER;
}

void
tlb_flush_all(void)
{
}

/* An address space at page `number` of RAM, with that as its tag. */
static struct vspace *
space(unsigned number)
{
	pte_t *root = (pte_t *)(host_ram + number * PAGE_SIZE);
	struct vspace *at = (struct vspace *)(root + PT_ROOT_SPARE);

	at->asid = number;
	return at;
}

static int
begin(void **state)
{
	unsigned i;

	(void)state;
	memset(processors, 0, sizeof(processors));
	memset(threads, 0, sizeof(threads));
	self->highest = -1;
	self->slice_end = NEVER;
	self->programmed = NEVER;
	host_clock = 5000;
	host_root_loads = 0;
	programmed = NEVER;
	for (i = 0; i < THREADS; i++) {
		struct thread *thread = &threads[i];

		thread->state = THREAD_READY;
		thread->priority = 100;
		thread->slice = SLICE;
		thread->slice_left = SLICE;
		thread->vspace.cap = cap_to(OBJECT_VSPACE, space(1 + i % 3));
	}
	return 0;
}

/* The end of a trap. */
static struct thread *
next(void)
{
	sched_charge(self, true);
	return sched_next(self, host_clock);
}

/* The clock's interrupt after so many ticks of the current thread. */
static struct thread *
after(uint64_t ticks)
{
	host_clock += ticks;
	sched_charge(self, false);
	sched_clock(self, host_clock);
	return next();
}

static void
ready(unsigned count)
{
	unsigned i;

	for (i = 0; i < count; i++)
		sched_ready(&threads[i]);
}

static void
ends_of_slices_go_round_in_order(void **state)
{
	unsigned i;

	(void)state;
	ready(3);
	assert_ptr_equal(next(), &threads[0]);
	for (i = 1; i < 10; i++) {
		struct thread *old = self->current;

		assert_ptr_equal(after(SLICE), &threads[i % 3]);
		/* It is ready, and stands at the tail. */
		assert_int_equal(old->state, THREAD_READY);
		assert_true(old->queued);
		assert_ptr_equal(self->queue[100].tail, old);
		assert_false(self->current->queued);
	}
}

static void
switches_are_counted(void **state)
{
	unsigned i;

	(void)state;
	ready(2);
	next();
	for (i = 0; i < 6; i++)
		after(SLICE);
	assert_int_equal(threads[0].scheduled, 4);
	assert_int_equal(threads[1].scheduled, 3);
	assert_int_equal(threads[0].switches_involuntary, 3);
	assert_int_equal(threads[1].switches_involuntary, 3);
	assert_int_equal(threads[0].switches_voluntary, 0);
	sched_yield();
	next();
	assert_int_equal(threads[0].switches_voluntary, 1);
	assert_int_equal(threads[0].time_user, 3 * SLICE);
}

static void
no_slice_ends_early(void **state)
{
	(void)state;
	ready(2);
	next();
	assert_int_equal(programmed, host_clock + SLICE);
	assert_ptr_equal(after(SLICE / 2), &threads[0]);
	assert_ptr_equal(after(SLICE / 2), &threads[1]);
}

static void
nobody_else_no_clock(void **state)
{
	(void)state;
	ready(1);
	next();
	assert_true(programmed == NEVER);
	assert_ptr_equal(after(3 * SLICE), &threads[0]);
	sched_ready(&threads[1]);
	next();
	assert_true(programmed != NEVER);
}

static void
a_preempted_thread_keeps_its_turn(void **state)
{
	(void)state;
	ready(2);
	threads[2].priority = 200;
	next();
	after(SLICE / 4);
	sched_ready(&threads[2]);
	assert_ptr_equal(next(), &threads[2]);
	assert_ptr_equal(self->queue[100].head, &threads[0]);
	assert_int_equal(threads[0].slice_left, SLICE - SLICE / 4);
	threads[2].state = THREAD_INACTIVE;
	assert_ptr_equal(next(), &threads[0]);
	assert_ptr_equal(after(SLICE - SLICE / 4), &threads[1]);
}

static void
the_heads_state_is_looked_at_again(void **state)
{
	(void)state;
	ready(4);
	next();
	threads[1].state = THREAD_INACTIVE;
	threads[2].flags = THREAD_SUSPENDED;
	assert_ptr_equal(after(SLICE), &threads[3]);
	assert_false(threads[1].queued);
	assert_ptr_equal(after(SLICE), &threads[0]);
	assert_ptr_equal(after(SLICE), &threads[3]);
}

static void
who_runs_is_recorded_and_in_its_space(void **state)
{
	unsigned loads;

	(void)state;
	ready(3);
	threads[1].vspace.cap = threads[0].vspace.cap;
	assert_ptr_equal(next(), &threads[0]);
	assert_ptr_equal(self->current, &threads[0]);
	assert_true(host_root == vspace_token(space(1)));
	assert_true(self->token == host_root);
	loads = host_root_loads;
	assert_ptr_equal(after(SLICE), &threads[1]);
	assert_ptr_equal(self->current, &threads[1]);
	assert_int_equal(host_root_loads, loads);
	after(SLICE);
	assert_ptr_equal(self->current, &threads[2]);
	assert_true(host_root == vspace_token(space(3)));
	assert_true(self->token == host_root);
}

static void
nobody_ready_is_idle(void **state)
{
	(void)state;
	assert_null(next());
	assert_null(self->current);
	ready(1);
	assert_ptr_equal(next(), &threads[0]);
	threads[0].state = THREAD_RECEIVING;
	assert_null(next());
	assert_null(self->current);
	host_clock += 10 * SLICE;
	sched_charge(self, true);
	assert_int_equal(threads[0].time_user + threads[0].time_system, 0);
	threads[0].state = THREAD_READY;
	sched_ready(&threads[0]);
	assert_ptr_equal(next(), &threads[0]);
}

static void
after_an_exit_the_next_one_runs(void **state)
{
	(void)state;
	ready(3);
	next();
	threads[0].state = THREAD_INACTIVE;
	sched_forget(&threads[0]);
	assert_ptr_equal(next(), &threads[1]);
	assert_false(threads[0].queued);
	sched_ready(&threads[0]);
	assert_false(threads[0].queued);
	assert_ptr_equal(after(SLICE), &threads[2]);
	assert_ptr_equal(after(SLICE), &threads[1]);
}

static void
nobody_is_queued_twice(void **state)
{
	(void)state;
	ready(2);
	ready(2);
	assert_ptr_equal(self->queue[100].head, &threads[0]);
	assert_ptr_equal(threads[0].next, &threads[1]);
	assert_null(threads[1].next);
	next();
	sched_ready(&threads[0]);
	assert_false(threads[0].queued);
	sched_handoff(&threads[2], true);
	sched_ready(&threads[2]);
	assert_false(threads[2].queued);
}

/* Each queue against its threads; `most` is who may stand in one. */
static void
audit(void)
{
	unsigned i, found = 0, flagged = 0;
	int highest = -1;

	for (i = 0; i < THREAD_PRIORITIES; i++) {
		const struct ready_queue *queue = &self->queue[i];
		const struct thread *thread, *last = NULL;
		bool bit = self->ready[i / 64] >> i % 64 & 1;

		assert_int_equal(bit, queue->head != NULL);
		for (thread = queue->head; thread; thread = thread->next) {
			assert_true(thread->queued);
			assert_ptr_equal(thread->prev, last);
			assert_int_equal(thread->priority, i);
			assert_true(sched_is_runnable(thread));
			assert_ptr_not_equal(thread, self->current);
			assert_true(++found <= THREADS);
			last = thread;
		}
		assert_ptr_equal(queue->tail, last);
		if (queue->head)
			highest = (int)i;
	}
	for (i = 0; i < THREADS; i++)
		flagged += threads[i].queued;
	assert_int_equal(flagged, found);
	assert_int_equal(self->highest, highest);
}

static uint64_t random_state = 20250101;

static unsigned
random_below(unsigned limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)(random_state % limit);
}

static void
random_step(struct thread *thread)
{
	switch (random_below(10)) {
	case 0: /* dies */
		sched_remove(thread);
		thread->state = THREAD_INACTIVE;
		sched_forget(thread);
		break;
	case 1: /* waits */
		sched_remove(thread);
		thread->state = THREAD_RECEIVING;
		break;
	case 2:
		thread->flags |= THREAD_SUSPENDED;
		sched_remove(thread);
		break;
	case 3:
		sched_change(thread, 99 + random_below(3),
			random_below(3) ? THREAD_ROUND_ROBIN : THREAD_FIFO,
			SLICE);
		break;
	case 4:
		sched_yield();
		break;
	case 5:
		if (thread->state != THREAD_RECEIVING)
			break;
		thread->state = THREAD_READY;
		sched_handoff(thread, random_below(2));
		break;
	default:
		thread->flags &= ~THREAD_SUSPENDED;
		thread->state = THREAD_READY;
		sched_ready(thread);
	}
}

static void
at_random_all_queues_are_right(void **state)
{
	unsigned ran[THREADS] = {0}, i, step;

	(void)state;
	ready(THREADS);
	for (step = 0; step < STEPS; step++) {
		struct thread *thread;

		host_clock += random_below(SLICE / 2);
		sched_charge(self, false);
		if (random_below(4) == 0)
			sched_clock(self, host_clock);
		for (i = random_below(3); i > 0; i--)
			random_step(&threads[random_below(THREADS)]);
		thread = next();
		audit();
		if (!thread)
			continue;
		assert_true(sched_is_runnable(thread));
		assert_ptr_equal(thread, self->current);
		assert_true(self->highest <= thread->priority);
		ran[thread - threads]++;
	}
	for (i = 0; i < THREADS; i++)
		assert_true(ran[i] > STEPS / THREADS / 10);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, begin)
	const struct CMUnitTest tests[] = {
		TEST(ends_of_slices_go_round_in_order),
		TEST(switches_are_counted),
		TEST(no_slice_ends_early),
		TEST(nobody_else_no_clock),
		TEST(a_preempted_thread_keeps_its_turn),
		TEST(the_heads_state_is_looked_at_again),
		TEST(who_runs_is_recorded_and_in_its_space),
		TEST(nobody_ready_is_idle),
		TEST(after_an_exit_the_next_one_runs),
		TEST(nobody_is_queued_twice),
		TEST(at_random_all_queues_are_right),
	};

	return cmocka_run_group_tests_name("kernel_sched", tests, NULL, NULL);
}
