/* SPDX-License-Identifier: MIT */
/* Barriers hold all threads together; each has thread-local storage. */
#include "check.h"
#include <pthread.h>

static pthread_barrier_t barrier;
static __thread int mine = 7;
static int seen[8], serial;

static void *
body(void *arg)
{
	long id = (long)arg;

	for (int round = 0; round < 50; round++) {
		mine += (int)id;
		if (pthread_barrier_wait(&barrier) ==
			PTHREAD_BARRIER_SERIAL_THREAD)
			__atomic_add_fetch(&serial, 1, __ATOMIC_SEQ_CST);
	}
	seen[id] = mine;
	return NULL;
}

int
main(void)
{
	pthread_t threads[8];

	pthread_barrier_init(&barrier, NULL, 8);
	for (long i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, body, (void *)i);
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < 8; i++)
		printf("%d ", seen[i]);
	printf("serial %d mine %d\n", serial, mine);
	return 0;
}
