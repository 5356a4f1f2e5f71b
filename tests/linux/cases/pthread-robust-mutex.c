/* SPDX-License-Identifier: MIT */
/* A robust mutex tells its next owner that the last one died. */
#include "check.h"
#include <pthread.h>

static pthread_mutex_t *lock;

static void *
die_holding(void *arg)
{
	pthread_mutex_lock(lock);
	return arg;
}

int
main(void)
{
	pthread_mutexattr_t how;
	pthread_t thread;

	lock = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_init(&how);
	pthread_mutexattr_setrobust(&how, PTHREAD_MUTEX_ROBUST);
	pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(lock, &how);
	pthread_create(&thread, NULL, die_holding, NULL);
	pthread_join(thread, NULL);
	printf("thread died: %d\n", pthread_mutex_lock(lock) == EOWNERDEAD);
	printf("consistent: %d\n", pthread_mutex_consistent(lock));
	pthread_mutex_unlock(lock);
	pid_t pid = fork();
	if (pid == 0) {
		pthread_mutex_lock(lock);
		kill(getpid(), SIGKILL);
	}
	child_show("child", pid);
	printf("process died: %d\n", pthread_mutex_lock(lock) == EOWNERDEAD);
	pthread_mutex_unlock(lock);
	printf("lost: %d\n", pthread_mutex_lock(lock) == ENOTRECOVERABLE);
	return 0;
}
