/* SPDX-License-Identifier: MIT */
/*
 * Native threads over Factotum's thread_create.
 */
#include <glenda/factotum_client.h>
#include <glenda/thread.h>

#define PAGE 4096

/* Waits at the top of the new stack for thread_begin. */
struct thread_record {
	void (*entry)(void *argument);
	void *argument;
};

/* crt0.S: sets up the registers that C needs, then thread_begin. */
void thread_entry(void);
_Noreturn void thread_begin(const struct thread_record *record);

_Noreturn void
thread_begin(const struct thread_record *record)
{
	record->entry(record->argument);
	thread_exit(0);
}

/* The mapping, with a guard page below the stack. */
static status_t
thread_map(struct thread *thread, size_t stack_bytes)
{
	size_t stack = (stack_bytes + PAGE - 1) / PAGE * PAGE;
	status_t status;

	thread->length = PAGE + stack + PAGE;
	status = factotum_mmap(CAP_FACTOTUM, 0, thread->length,
		FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE,
		FACTOTUM_MAP_PRIVATE | FACTOTUM_MAP_ANONYMOUS, 0, CAP_NONE,
		&thread->base);
	if (status < 0)
		return status;
	status = factotum_mprotect(CAP_FACTOTUM, thread->base, PAGE, 0);
	if (status < 0)
		factotum_munmap(CAP_FACTOTUM, thread->base, thread->length);
	return status;
}

status_t
thread_create(struct thread *thread, void (*entry)(void *argument),
	void *argument, size_t stack_bytes)
{
	struct thread_record *record;
	struct utcb *utcb;
	status_t status = thread_map(thread, stack_bytes);

	if (status < 0)
		return status;
	utcb = (void *)(uintptr_t)(thread->base + thread->length - PAGE);
	utcb->user[UTCB_USER_SELF] = (uintptr_t)utcb;
	record = (struct thread_record *)utcb - 1;
	*record = (struct thread_record){entry, argument};
	status = factotum_thread_create(CAP_FACTOTUM, (uintptr_t)thread_entry,
		(uintptr_t)record, (uintptr_t)record, (uintptr_t)utcb,
		(uintptr_t)utcb, 0, 0, &thread->tid);
	if (status < 0)
		factotum_munmap(CAP_FACTOTUM, thread->base, thread->length);
	return status;
}

status_t
thread_join(struct thread *thread, uint32_t *status_out)
{
	status_t status =
		factotum_thread_join(CAP_FACTOTUM, thread->tid, status_out);

	if (status < 0)
		return status;
	return factotum_munmap(CAP_FACTOTUM, thread->base, thread->length);
}

_Noreturn void
thread_exit(uint32_t status)
{
	factotum_thread_exit(CAP_FACTOTUM, status, 0);
	__builtin_trap();
}
