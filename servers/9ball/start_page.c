/* SPDX-License-Identifier: MIT */
/*
 * Writing a start page: header, table of capabilities, then strings.
 */
#include "start_page.h"

#include <stdio.h>
#include <string.h>

void
start_begin(struct start_builder *builder, struct start_info *info, size_t size)
{
	builder->info = info;
	builder->size = size;
	builder->used = sizeof(*info);
	info->magic = START_MAGIC;
	info->capabilities = builder->used;
	builder->used += START_CAPS_MAX * sizeof(struct start_capability);
}

static bool
put(struct start_builder *builder, const char *strings, size_t length,
	uint64_t *count, uint64_t *offset)
{
	if (length > builder->size - builder->used)
		return false;
	*offset = builder->used;
	*count = 0;
	for (size_t i = 0; i < length; i++)
		*count += strings[i] == '\0';
	memcpy((char *)builder->info + builder->used, strings, length);
	builder->used += length;
	return true;
}

bool
start_set_arguments(
	struct start_builder *builder, const char *strings, size_t length)
{
	return put(builder, strings, length, &builder->info->argument_count,
		&builder->info->arguments);
}

bool
start_set_environment(
	struct start_builder *builder, const char *strings, size_t length)
{
	return put(builder, strings, length, &builder->info->environment_count,
		&builder->info->environment);
}

bool
start_add_cap(struct start_builder *builder, const char *name, cptr_t slot)
{
	struct start_info *info = builder->info;
	struct start_capability *table =
		(void *)((char *)info + info->capabilities);

	if (info->capability_count == START_CAPS_MAX ||
		strlen(name) >= START_NAME_BYTES)
		return false;
	strcpy(table[info->capability_count].name, name);
	table[info->capability_count].slot = slot;
	info->capability_count++;
	return true;
}

void
start_put_number(char *to, unsigned number)
{
	sprintf(to, "%u", number);
}
