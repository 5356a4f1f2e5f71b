/* SPDX-License-Identifier: MIT */
/*
 * abort: the process ends as if by the signal of that name. Natives have no
 * signal handlers, so there is nobody to ask first.
 */
#include <stdlib.h>

#include <glenda/factotum_client.h>

#define SIGNAL_ABORT 6

_Noreturn void
abort(void)
{
	factotum_exit(CAP_FACTOTUM, SIGNAL_ABORT);
	__builtin_trap();
}
