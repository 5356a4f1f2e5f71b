/* SPDX-License-Identifier: MIT */
/*
 * The program's memory as the shim touches it. Its pointers are not to be
 * trusted to be mapped: these functions stand in one place (entry.S of the
 * architecture), a fault in them comes back as -EFAULT.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Copy; 0, or -EFAULT with part of it copied. */
int64_t user_read(void *to, uint64_t from, size_t length);
int64_t user_write(uint64_t to, const void *from, size_t length);

/* Length of a string without its NUL; `most` if there is none before. */
int64_t user_length(uint64_t string, size_t most);

/* 0 when the program may write all of at most a page, else -EFAULT. */
int64_t user_probe(uint64_t to, size_t length);

/* Fill with zeros. */
int64_t user_clear(uint64_t to, size_t length);
