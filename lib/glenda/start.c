/* SPDX-License-Identifier: MIT */
/*
 * From the first C instruction to main. Hooks are single files of the
 * library: a program that defines runtime_main, sbrk, _exit or output_line
 * itself replaces start.c, heap.c, exit.c or output.c.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glenda/start.h>

int main(int argc, char **argv, char **envp);

extern char **environ;

static const struct start_info *info;

const struct start_info *
start_info(void)
{
	return info;
}

cptr_t
start_cap(const char *name)
{
	const struct start_capability *cap;

	if (!info)
		return 0;
	cap = (const void *)((uintptr_t)info + info->capabilities);
	for (uint64_t i = 0; i < info->capability_count; i++)
		if (!strncmp(cap[i].name, name, START_NAME_BYTES))
			return cap[i].slot;
	return 0;
}

/* Pointers to `count` strings that stand one after the other, then NULL. */
static char **
vector_make(uint64_t offset, uint64_t count)
{
	char *text = (char *)((uintptr_t)info + offset);
	char **vector = calloc(count + 1, sizeof(*vector));

	if (!vector)
		_exit(126);
	for (uint64_t i = 0; i < count; i++) {
		vector[i] = text;
		text += strlen(text) + 1;
	}
	return vector;
}

_Noreturn void
runtime_main(uintptr_t start)
{
	static char *empty[1];
	char **argv = empty;

	info = (const struct start_info *)start;
	if (info->magic != START_MAGIC)
		_exit(126);
	environ = empty;
	if (info->argument_count)
		argv = vector_make(info->arguments, info->argument_count);
	if (info->environment_count)
		environ =
			vector_make(info->environment, info->environment_count);
	exit(main((int)info->argument_count, argv, environ));
}
