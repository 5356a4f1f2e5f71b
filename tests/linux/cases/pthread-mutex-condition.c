/* SPDX-License-Identifier: MIT */
/* A bounded queue under mutex and condition variables loses nothing. */
#include "check.h"
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static pthread_cond_t room = PTHREAD_COND_INITIALIZER;
static int queue[8], filled, sum, taken;

static void *
consumer(void *arg)
{
	for (;;) {
		pthread_mutex_lock(&lock);
		while (filled == 0)
			pthread_cond_wait(&more, &lock);
		int item = queue[--filled];
		if (item >= 0)
			sum += item, taken++;
		pthread_cond_signal(&room);
		pthread_mutex_unlock(&lock);
		if (item < 0)
			return arg;
	}
}

static void
put(int item)
{
	pthread_mutex_lock(&lock);
	while (filled == 8)
		pthread_cond_wait(&room, &lock);
	queue[filled++] = item;
	pthread_cond_signal(&more);
	pthread_mutex_unlock(&lock);
}

int
main(void)
{
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, consumer, NULL);
	for (int i = 0; i < 2000; i++)
		put(i);
	for (;;) {
		pthread_mutex_lock(&lock);
		int done = filled == 0;
		pthread_mutex_unlock(&lock);
		if (done)
			break;
		usleep(1000);
	}
	for (int i = 0; i < 4; i++)
		put(-1);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	printf("%d items, sum %d\n", taken, sum);
	return 0;
}
