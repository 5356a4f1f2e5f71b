/* SPDX-License-Identifier: MIT */
/*
 * Loading a checked ELF image without Factotum's help.
 */
#pragma once

#include <elf.h>
#include <glenda/types.h>

/* e_machine of the images that this processor runs; per architecture. */
extern const uint16_t image_machine;
#define IMAGE_MACHINE image_machine

/* Pages that the writable segments need. */
uint64_t image_writable_pages(const struct elf_image *image);

/*
 * Map the segments: read-only ones from the file itself, which begins at byte
 * `offset` (page aligned) of Frame `file`; writable ones as copies in the
 * first pages of Frame `run`, which hold zeros.
 */
status_t image_map(const struct elf_image *image, cptr_t vspace, cptr_t file,
	uint64_t offset, cptr_t run);

/*
 * Set a new thread's registers: entry, stack pointer, first argument and
 * thread pointer; per architecture.
 */
status_t image_registers(cptr_t tcb, vaddr_t entry, vaddr_t stack,
	uint64_t argument, uint64_t thread_pointer);
