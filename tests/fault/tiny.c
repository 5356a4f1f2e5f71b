/* SPDX-License-Identifier: MIT */
/* The least that can be executed: its status is its argument. */
#include <stdlib.h>

int
main(int argc, char **argv)
{
	return argc > 1 ? atoi(argv[1]) : 0;
}
