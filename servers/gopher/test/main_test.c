/* SPDX-License-Identifier: MIT */
/* Runs all groups of Gopher's unit tests over one world. */
#include "test.h"

int
main(void)
{
	return names_tests() | tmpfs_tests() | pipe_tests() | session_tests() |
		tty_tests() | terminal_tests() | wait_tests() | quota_tests() |
		harm_tests();
}
