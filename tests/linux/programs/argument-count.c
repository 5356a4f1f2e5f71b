/* SPDX-License-Identifier: MIT */
/* Prints how many arguments it got and how many bytes they have. */
#include <stdio.h>
#include <string.h>

int
main(int argc, char **argv)
{
	size_t total = 0;

	for (int i = 0; i < argc; i++)
		total += strlen(argv[i]) + 1;
	printf("%d arguments, %zu bytes\n", argc, total);
	return 0;
}
