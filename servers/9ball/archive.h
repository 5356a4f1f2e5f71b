/* SPDX-License-Identifier: MIT */
/*
 * The boot archive as 9Ball sees it: mapped read-only, entries by name.
 */
#pragma once

#include <stdbool.h>

#include <boot_info.h>
#include <cpio.h>
#include <glenda/types.h>

/* Map it; false if that fails. */
bool archive_init(const struct boot_info *boot);

/* An entry by name; false if there is none (or the archive is broken). */
bool archive_find(const char *name, struct cpio_entry *out);

/* Bytes of the archive, and the offset of an entry's data in its Frame. */
size_t archive_bytes(void);
uint64_t archive_offset(const struct cpio_entry *entry);
