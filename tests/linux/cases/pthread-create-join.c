/* SPDX-License-Identifier: MIT */
/* Two hundred threads in turn and twenty at once return their values. */
#include "check.h"
#include <pthread.h>

static void *
square(void *arg)
{
	return (void *)((long)arg * (long)arg);
}

int
main(void)
{
	pthread_t thread, many[20];
	void *result;
	long sum = 0;

	for (long i = 0; i < 200; i++) {
		if (pthread_create(&thread, NULL, square, (void *)i))
			return 1;
		pthread_join(thread, &result);
		sum += (long)result;
	}
	printf("%ld\n", sum);
	for (long i = 0; i < 20; i++)
		pthread_create(&many[i], NULL, square, (void *)i);
	for (int i = 0; i < 20; i++) {
		pthread_join(many[i], &result);
		printf("%ld ", (long)result);
	}
	printf("\nself join %d\n",
		pthread_join(pthread_self(), NULL) == EDEADLK);
	return 0;
}
