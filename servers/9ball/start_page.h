/* SPDX-License-Identifier: MIT */
/*
 * Writing a start page (docs/contract.md, section 2) for a process that
 * Factotum cannot start: Factotum itself.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <glenda/start.h>

#define START_CAPS_MAX 160

struct start_builder {
	struct start_info *info;
	size_t size; /* bytes of the pages */
	size_t used;
};

/* Begin in pages that hold zeros; the capability table is reserved at once. */
void start_begin(
	struct start_builder *builder, struct start_info *info, size_t size);

/* Strings one after the other, each with its NUL; false: no room. */
bool start_set_arguments(
	struct start_builder *builder, const char *strings, size_t length);
bool start_set_environment(
	struct start_builder *builder, const char *strings, size_t length);

/* Name a capability in a slot; false: no room, or the name is too long. */
bool start_add_cap(
	struct start_builder *builder, const char *name, cptr_t slot);

/* Write a decimal number and a NUL. */
void start_put_number(char *to, unsigned number);
