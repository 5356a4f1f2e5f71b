/* SPDX-License-Identifier: MIT */
/* Tells whether its process number is the one given as its argument. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	int same = argc == 2 && atoi(argv[1]) == getpid();

	printf("same %d, leader %d\n", same, getpid() == syscall(SYS_gettid));
	return 0;
}
