/* SPDX-License-Identifier: MIT */
/*
 * The mutex of thread.h over Factotum's futexes, and the locks that the C
 * library asks for. Free or held by oneself costs one atomic instruction;
 * only contention calls Factotum, so Factotum itself, which has one thread,
 * never does.
 */
#include <stdlib.h>
#include <sys/lock.h>

#include <glenda/factotum_client.h>
#include <glenda/thread.h>

#define FUTEX_PRIVATE 1

void
mutex_lock(struct mutex *mutex)
{
	uint32_t state = 0;

	if (__atomic_compare_exchange_n(&mutex->state, &state, 1, false,
		    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return;
	while (__atomic_exchange_n(&mutex->state, 2, __ATOMIC_ACQUIRE) != 0)
		factotum_futex_wait(CAP_FACTOTUM, (uintptr_t)&mutex->state, 2,
			0, UINT32_MAX, FUTEX_PRIVATE);
}

void
mutex_unlock(struct mutex *mutex)
{
	if (__atomic_exchange_n(&mutex->state, 0, __ATOMIC_RELEASE) == 2)
		factotum_futex_wake(CAP_FACTOTUM, (uintptr_t)&mutex->state, 1,
			UINT32_MAX, FUTEX_PRIVATE, NULL);
}

/* The C library's lock; recursive ones count what their owner holds. */
struct __lock {
	struct mutex mutex;
	unsigned depth;
	const struct utcb *owner;
};

struct __lock __lock___libc_recursive_mutex;

void
__retarget_lock_init(_LOCK_T *lock)
{
	*lock = calloc(1, sizeof(**lock));
	if (!*lock)
		abort();
}

void
__retarget_lock_init_recursive(_LOCK_T *lock)
{
	__retarget_lock_init(lock);
}

void
__retarget_lock_close(_LOCK_T lock)
{
	free(lock);
}

void
__retarget_lock_close_recursive(_LOCK_T lock)
{
	free(lock);
}

void
__retarget_lock_acquire(_LOCK_T lock)
{
	mutex_lock(&lock->mutex);
}

void
__retarget_lock_release(_LOCK_T lock)
{
	mutex_unlock(&lock->mutex);
}

void
__retarget_lock_acquire_recursive(_LOCK_T lock)
{
	const struct utcb *self = utcb_self();

	if (__atomic_load_n(&lock->owner, __ATOMIC_RELAXED) != self) {
		mutex_lock(&lock->mutex);
		__atomic_store_n(&lock->owner, self, __ATOMIC_RELAXED);
	}
	lock->depth++;
}

void
__retarget_lock_release_recursive(_LOCK_T lock)
{
	if (--lock->depth)
		return;
	__atomic_store_n(&lock->owner, NULL, __ATOMIC_RELAXED);
	mutex_unlock(&lock->mutex);
}
