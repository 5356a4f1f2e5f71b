/* SPDX-License-Identifier: MIT */
/* Prints its arguments, one per line, each with its length. */
#include <stdio.h>
#include <string.h>

int
main(int argc, char **argv)
{
	printf("%d\n", argc);
	for (int i = 1; i < argc; i++)
		printf("%zu <%s>\n", strlen(argv[i]), argv[i]);
	return argv[argc] != NULL;
}
