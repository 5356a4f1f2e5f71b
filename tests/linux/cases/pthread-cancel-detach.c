/* SPDX-License-Identifier: MIT */
/* Cancellation runs clean-up handlers; detached threads end by themselves. */
#include "check.h"
#include <pthread.h>

static int cleaned, detached;

static void
clean(void *arg)
{
	cleaned += *(int *)arg;
}

static void *
sleeper(void *arg)
{
	pthread_cleanup_push(clean, arg);
	for (;;)
		pause();
	pthread_cleanup_pop(0);
	return NULL;
}

static void *
loner(void *arg)
{
	__atomic_add_fetch(&detached, 1, __ATOMIC_SEQ_CST);
	return arg;
}

int
main(void)
{
	pthread_t thread;
	void *result;
	int amount = 5;

	pthread_create(&thread, NULL, sleeper, &amount);
	usleep(50000);
	pthread_cancel(thread);
	pthread_join(thread, &result);
	printf("canceled %d cleaned %d\n", result == PTHREAD_CANCELED, cleaned);
	for (int i = 0; i < 10; i++) {
		pthread_create(&thread, NULL, loner, NULL);
		pthread_detach(thread);
	}
	while (__atomic_load_n(&detached, __ATOMIC_SEQ_CST) < 10)
		usleep(1000);
	printf("detached %d\n", detached);
	return 0;
}
