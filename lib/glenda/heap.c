/* SPDX-License-Identifier: MIT */
/*
 * malloc's memory: Factotum moves the process's break. Factotum and 9Ball,
 * which live before that service, define sbrk over memory of their own.
 */
#include <errno.h>
#include <unistd.h>

#include <glenda/factotum_client.h>

void *
sbrk(ptrdiff_t increment)
{
	vaddr_t end;

	if (factotum_sbrk(CAP_FACTOTUM, increment, &end) < 0) {
		errno = ENOMEM;
		return (void *)-1;
	}
	return (void *)(uintptr_t)(end - (uint64_t)increment);
}
