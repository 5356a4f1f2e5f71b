/* SPDX-License-Identifier: MIT */
/* Sixty-four threads wait on one futex; each is woken exactly once. */
#include "check.h"
#include <linux/futex.h>
#include <pthread.h>

static int gate, waiting, woken;

static void *
body(void *arg)
{
	__atomic_add_fetch(&waiting, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&gate, __ATOMIC_SEQ_CST) == 0)
		syscall(SYS_futex, &gate, FUTEX_WAIT_PRIVATE, 0, NULL);
	__atomic_add_fetch(&woken, 1, __ATOMIC_SEQ_CST);
	return arg;
}

int
main(void)
{
	pthread_t threads[64];
	long sum = 0, woke = 0;

	for (long i = 0; i < 64; i++)
		pthread_create(&threads[i], NULL, body, (void *)i);
	while (__atomic_load_n(&waiting, __ATOMIC_SEQ_CST) < 64)
		usleep(1000);
	usleep(100000);
	gate = 1;
	while (woke < 64)
		woke += syscall(SYS_futex, &gate, FUTEX_WAKE_PRIVATE, 5);
	for (int i = 0; i < 64; i++) {
		void *result;
		pthread_join(threads[i], &result);
		sum += (long)result;
	}
	printf("waiting %d woke %ld woken %d sum %ld\n", waiting, woke, woken,
		sum);
	return 0;
}
