/* SPDX-License-Identifier: MIT */
/*
 * Native threads over Factotum's thread_create.
 */
#include <glenda/factotum_client.h>
#include <glenda/layout.h>
#include <glenda/thread.h>

#define PAGE 4096

/* crt0.S: sets up the registers that C needs, then thread_begin. */
void thread_entry(void);
_Noreturn void thread_begin(const struct thread *thread);

_Noreturn void
thread_begin(const struct thread *thread)
{
	thread->entry(thread->argument);
	thread_exit(0);
}

static vaddr_t
slot_start(uint32_t slot)
{
	return NATIVE_STACK_END(slot + 1) + PAGE;
}

static status_t
slot_map(uint32_t slot)
{
	vaddr_t address;

	return factotum_mmap(CAP_FACTOTUM, slot_start(slot),
		NATIVE_STACK_SLOT - PAGE,
		FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE,
		FACTOTUM_MAP_PRIVATE | FACTOTUM_MAP_ANONYMOUS |
			FACTOTUM_MAP_STACK | FACTOTUM_MAP_NOREPLACE,
		0, CAP_NONE, &address);
}

static void
slot_unmap(uint32_t slot)
{
	(void)factotum_munmap(
		CAP_FACTOTUM, slot_start(slot), NATIVE_STACK_SLOT - PAGE);
}

/*
 * Take a slot, from the one behind the last taken on: Factotum knows which
 * are free, so that no count of ours can be wrong after a fork.
 */
static status_t
slot_claim(uint32_t *slot)
{
	static uint32_t next;
	uint32_t first = __atomic_load_n(&next, __ATOMIC_RELAXED);

	/* Slot 1 is the first thread's. */
	for (uint32_t i = 0; i < NATIVE_STACK_SLOTS - 1; i++) {
		uint32_t index = (first + i) % (NATIVE_STACK_SLOTS - 1);
		status_t status = slot_map(index + 2);

		if (status == STATUS_EXISTS)
			continue;
		__atomic_store_n(&next, index + 1, __ATOMIC_RELAXED);
		*slot = index + 2;
		return status;
	}
	return STATUS_LIMIT;
}

static status_t
utcb_map(vaddr_t *utcb)
{
	status_t status = factotum_mmap(CAP_FACTOTUM, 0, PAGE,
		FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE,
		FACTOTUM_MAP_PRIVATE | FACTOTUM_MAP_ANONYMOUS, 0, CAP_NONE,
		utcb);

	if (status == 0)
		((struct utcb *)*utcb)->user[UTCB_USER_SELF] = *utcb;
	return status;
}

status_t
thread_create(
	struct thread *thread, void (*entry)(void *argument), void *argument)
{
	status_t status;

	*thread = (struct thread){.entry = entry, .argument = argument};
	status = slot_claim(&thread->slot);
	if (status < 0)
		return status;
	status = utcb_map(&thread->utcb);
	if (status < 0)
		goto unmap_slot;
	status = factotum_thread_create(CAP_FACTOTUM, (uintptr_t)thread_entry,
		NATIVE_STACK_END(thread->slot) - NATIVE_STACK_ENTRY,
		(uintptr_t)thread, thread->utcb, thread->utcb, 0, 0,
		&thread->tid);
	if (status == 0)
		return 0;
	(void)factotum_munmap(CAP_FACTOTUM, thread->utcb, PAGE);
unmap_slot:
	slot_unmap(thread->slot);
	return status;
}

status_t
thread_join(struct thread *thread, uint32_t *status_out)
{
	status_t status =
		factotum_thread_join(CAP_FACTOTUM, thread->tid, status_out);

	if (status < 0)
		return status;
	slot_unmap(thread->slot);
	return factotum_munmap(CAP_FACTOTUM, thread->utcb, PAGE);
}

_Noreturn void
thread_exit(uint32_t status)
{
	factotum_thread_exit(CAP_FACTOTUM, status, 0);
	__builtin_trap();
}
