/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes lib/elf: any bytes as an image, whole and with only a part present.
 * Whatever is accepted must keep the promises of elf.h, since Factotum maps
 * segments without looking again.
 */
#include "fuzz.h"

#include <string.h>

#include "elf.h"

#define PAGE 4096u
#define LIMIT (UINT64_C(1) << 38)

static void
segments_walk(const struct elf_image *image)
{
	struct elf_segment segment;
	unsigned cursor = 0, count = 0, shared = 0;
	uint64_t last_end = 0;
	bool entry_found = false;

	while (elf_segment_next(image, &cursor, &segment) == 1) {
		uint64_t end = segment.vaddr + segment.memory_bytes;

		MUST(segment.memory_bytes > 0);
		MUST(end > segment.vaddr && end <= LIMIT);
		MUST(segment.vaddr >= last_end);
		MUST(segment.file_bytes <= segment.memory_bytes);
		MUST(segment.offset <= image->file_size);
		MUST(segment.file_bytes <= image->file_size - segment.offset);
		MUST(segment.file_bytes == 0 ||
			segment.vaddr % PAGE == segment.offset % PAGE);
		MUST((segment.flags & (ELF_WRITE | ELF_EXEC)) !=
			(ELF_WRITE | ELF_EXEC));
		MUST(segment.vaddr >= image->start && end <= image->end);
		if ((segment.flags & ELF_EXEC) &&
			image->entry >= segment.vaddr && image->entry < end)
			entry_found = true;
		shared += segment.shares_page;
		last_end = end;
		count++;
	}
	MUST(entry_found);
	MUST(count == image->segment_count && count > 0);
	MUST(shared == image->shared_pages);
	MUST(image->start % PAGE == 0 && image->end % PAGE == 0);
}

static void
image_use(const struct elf_image *image)
{
	const char *path;

	segments_walk(image);
	MUST(image->header_vaddr < image->end);
	if (image->has_interp && elf_interp_get(image, &path) == ELF_OK) {
		MUST(path[0] == '/');
		MUST(strlen(path) + 1 == image->interp_bytes);
	}
	if (image->has_tls) {
		MUST(image->tls.file_bytes <= image->tls.memory_bytes);
		MUST(image->tls.align != 0 &&
			(image->tls.align & (image->tls.align - 1)) == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct elf_want want = {ELF_MACHINE_RISCV, PAGE, LIMIT};
	struct elf_symbol symbol;
	struct elf_image image;
	int whole, part;

	whole = elf_image_check(data, size, &want, &image);
	MUST(whole != ELF_ERR_PARTIAL);
	if (whole == ELF_OK)
		image_use(&image);
	/* The same file, of which only the first half is there. */
	part = elf_header_check(data, size / 2, size, &want, &image);
	if (part == ELF_OK)
		image_use(&image);
	MUST(whole != ELF_OK || part == ELF_OK || part == ELF_ERR_PARTIAL ||
		part == ELF_ERR_NOT_ELF);
	if (elf_symbol_find(data, size, image.entry, &symbol) == ELF_OK)
		MUST(strlen(symbol.name) < size &&
			symbol.value + symbol.offset == image.entry);
	return 0;
}
