/* SPDX-License-Identifier: MIT */
/*
 * The few memory functions that the compiler and the shim need; there is no
 * C library below it. For the shim's own memory only: the program's is
 * touched through user.h.
 */
#pragma once

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t length);
void *memmove(void *to, const void *from, size_t length);
void *memset(void *to, int byte, size_t length);
int memcmp(const void *a, const void *b, size_t length);
size_t strlen(const char *text);
