/* SPDX-License-Identifier: MIT */
/*
 * Random bytes: ChaCha20 over a key that every use replaces, so that what
 * was given out cannot be computed from a later state.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Mix bytes into the key; they show from the next block on. */
void random_mix(const void *bytes, size_t length);

void random_bytes(void *to, size_t length);
