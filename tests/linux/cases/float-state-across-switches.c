/* SPDX-License-Identifier: MIT */
/* Floating-point registers belong to each process and thread alone. */
#include "check.h"
#include <pthread.h>
#include <sched.h>

static void *
body(void *arg)
{
	double seed = (double)(long)arg, sum = 0;

	for (int i = 1; i < 3000; i++) {
		sum += seed / i;
		if (i % 50 == 0)
			sched_yield();
	}
	double *result = malloc(sizeof sum);
	*result = sum;
	return result;
}

int
main(void)
{
	pthread_t threads[6];

	for (int p = 0; p < 3; p++)
		if (fork() == 0) {
			body((void *)(long)(p + 100));
			_exit(0);
		}
	for (long i = 0; i < 6; i++)
		pthread_create(&threads[i], NULL, body, (void *)(i + 1));
	for (int i = 0; i < 6; i++) {
		void *result;
		pthread_join(threads[i], &result);
		printf("%.9f\n", *(double *)result);
	}
	while (wait(NULL) > 0)
		continue;
	return 0;
}
