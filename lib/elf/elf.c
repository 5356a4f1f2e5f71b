/* SPDX-License-Identifier: MIT */
/*
 * ELF64 reader, the part that judges an image before it is loaded: file
 * header, program headers, segments.  Invariant: after elf_header_check
 * has returned ELF_OK, every range in `struct elf_image` lies in the file
 * or below the caller's address limit, and no sum of two fields wraps.
 * Symbols are in elf_symbol.c.
 */
#include "elf.h"

#include <string.h>

#include "elf_format.h"

/* Does [offset, offset + count) lie in [0, size)?  Immune to wrapping. */
static bool
range_inside(uint64_t offset, uint64_t count, uint64_t size)
{
	return offset <= size && count <= size - offset;
}

static bool
is_power_of_two(uint64_t n)
{
	return n != 0 && (n & (n - 1)) == 0;
}

static uint64_t
page_floor(const struct elf_image *image, uint64_t address)
{
	return address & ~((uint64_t)image->want.page_size - 1);
}

/* Both cannot wrap: segment ends are at most `limit`, itself rounded down. */
static uint64_t
page_ceiling(const struct elf_image *image, uint64_t address)
{
	return page_floor(image, address + image->want.page_size - 1);
}

static const uint8_t *
program_header(const struct elf_image *image, unsigned index)
{
	return image->bytes + image->header_offset + (size_t)index * PH_BYTES;
}

static int
ident_check(const uint8_t *bytes, size_t have, uint64_t file_size)
{
	static const uint8_t magic[4] = {0x7f, 'E', 'L', 'F'};

	if (have < sizeof magic || memcmp(bytes, magic, sizeof magic) != 0)
		return ELF_ERR_NOT_ELF;
	if (file_size < EH_BYTES)
		return ELF_ERR_TRUNCATED;
	if (have < EH_BYTES)
		return ELF_ERR_PARTIAL;
	if (bytes[EH_CLASS] != CLASS_64)
		return ELF_ERR_CLASS;
	if (bytes[EH_DATA] != DATA_LITTLE)
		return ELF_ERR_DATA;
	if (bytes[EH_IDENT_VERSION] != VERSION_CURRENT ||
		elf_get32(bytes + EH_VERSION) != VERSION_CURRENT)
		return ELF_ERR_VERSION;
	return ELF_OK;
}

/* Take over the file header; leaves the program headers readable. */
static int
file_header_read(struct elf_image *image)
{
	const uint8_t *bytes = image->bytes;
	uint64_t table_bytes;
	uint16_t type;

	if (elf_get16(bytes + EH_MACHINE) != image->want.machine)
		return ELF_ERR_MACHINE;
	type = elf_get16(bytes + EH_TYPE);
	if (type != TYPE_EXEC && type != TYPE_DYN)
		return ELF_ERR_TYPE;
	image->relocatable = type == TYPE_DYN;
	image->entry = elf_get64(bytes + EH_ENTRY);
	image->header_offset = elf_get64(bytes + EH_PHOFF);
	image->header_count = elf_get16(bytes + EH_PHNUM);
	image->header_bytes = elf_get16(bytes + EH_PHENTSIZE);
	if (image->header_count == 0)
		return ELF_ERR_EMPTY;
	if (image->header_bytes != PH_BYTES ||
		image->header_count > ELF_HEADERS_MAX ||
		image->header_offset < EH_BYTES)
		return ELF_ERR_HEADERS;
	table_bytes = (uint64_t)image->header_count * PH_BYTES;
	if (!range_inside(image->header_offset, table_bytes, image->file_size))
		return ELF_ERR_TRUNCATED;
	if (!range_inside(image->header_offset, table_bytes, image->have))
		return ELF_ERR_PARTIAL;
	return ELF_OK;
}

/* Judge one PT_LOAD by itself. */
static int
segment_read(const struct elf_image *image, const uint8_t *header,
	struct elf_segment *out)
{
	uint64_t limit = page_floor(image, image->want.limit);
	uint64_t align = elf_get64(header + PH_ALIGN);
	uint64_t page_mask = image->want.page_size - 1;

	*out = (struct elf_segment){
		.vaddr = elf_get64(header + PH_VADDR),
		.offset = elf_get64(header + PH_OFFSET),
		.file_bytes = elf_get64(header + PH_FILESZ),
		.memory_bytes = elf_get64(header + PH_MEMSZ),
		.flags = elf_get32(header + PH_FLAGS) &
			(ELF_READ | ELF_WRITE | ELF_EXEC),
	};
	if (out->file_bytes > out->memory_bytes)
		return ELF_ERR_SIZE;
	if (!range_inside(out->offset, out->file_bytes, image->file_size))
		return ELF_ERR_TRUNCATED;
	if (!range_inside(out->vaddr, out->memory_bytes, limit))
		return ELF_ERR_RANGE;
	if (align != 0 && !is_power_of_two(align))
		return ELF_ERR_ALIGN;
	/* Zero-filled memory has no place in the file to agree with. */
	if (out->file_bytes != 0 && ((out->vaddr ^ out->offset) & page_mask))
		return ELF_ERR_ALIGN;
	if ((out->flags & ELF_WRITE) && (out->flags & ELF_EXEC))
		return ELF_ERR_WX;
	return ELF_OK;
}

/* Judge a segment against its predecessor in the file. */
static int
segment_follow(const struct elf_image *image, const struct elf_segment *last,
	struct elf_segment *next)
{
	uint64_t last_end = last->vaddr + last->memory_bytes;

	if (last->memory_bytes == 0)
		return ELF_OK;
	if (next->vaddr < last->vaddr)
		return ELF_ERR_ORDER;
	if (next->vaddr < last_end)
		return ELF_ERR_OVERLAP;
	next->shares_page = next->flags != last->flags &&
		page_floor(image, next->vaddr) ==
			page_floor(image, last_end - 1);
	return ELF_OK;
}

int
elf_segment_next(const struct elf_image *image, unsigned *cursor,
	struct elf_segment *out)
{
	struct elf_segment last = {0};
	const uint8_t *header;
	unsigned i = *cursor;
	int status;

	/* The cursor stands behind the segment that was given last. */
	if (i > 0 && i <= image->header_count)
		(void)segment_read(image, program_header(image, i - 1), &last);
	for (; i < image->header_count; i++) {
		header = program_header(image, i);
		if (elf_get32(header + PH_TYPE) != PT_LOAD)
			continue;
		status = segment_read(image, header, out);
		if (status != ELF_OK)
			return status;
		if (out->memory_bytes == 0)
			continue;
		status = segment_follow(image, &last, out);
		if (status != ELF_OK)
			return status;
		*cursor = i + 1;
		return 1;
	}
	return 0;
}

/* Walk all segments once: extent, count, and whether the entry is code. */
static int
segments_check(struct elf_image *image)
{
	struct elf_segment segment;
	unsigned cursor = 0;
	bool entry_found = false;
	int status;

	while ((status = elf_segment_next(image, &cursor, &segment)) == 1) {
		if (image->segment_count++ == 0)
			image->start = page_floor(image, segment.vaddr);
		image->end = page_ceiling(
			image, segment.vaddr + segment.memory_bytes);
		image->shared_pages += segment.shares_page;
		if ((segment.flags & ELF_EXEC) &&
			image->entry >= segment.vaddr &&
			image->entry - segment.vaddr < segment.memory_bytes)
			entry_found = true;
	}
	if (status < 0)
		return status;
	if (image->segment_count == 0)
		return ELF_ERR_EMPTY;
	return entry_found ? ELF_OK : ELF_ERR_ENTRY;
}

/* Do bytes of the file stand at this address, all in one segment? */
static bool
loaded_from_file(const struct elf_image *image, uint64_t vaddr, uint64_t count)
{
	struct elf_segment segment;
	unsigned cursor = 0;

	while (elf_segment_next(image, &cursor, &segment) == 1) {
		if (vaddr >= segment.vaddr &&
			range_inside(vaddr - segment.vaddr, count,
				segment.file_bytes))
			return true;
	}
	return false;
}

static int
interp_read(struct elf_image *image, const uint8_t *header)
{
	const uint8_t *text;

	image->interp_offset = elf_get64(header + PH_OFFSET);
	image->interp_bytes = elf_get64(header + PH_FILESZ);
	if (image->has_interp || image->interp_bytes > ELF_INTERP_MAX)
		return ELF_ERR_INTERP;
	if (!range_inside(image->interp_offset, image->interp_bytes,
		    image->file_size))
		return ELF_ERR_TRUNCATED;
	image->has_interp = true;
	if (!range_inside(
		    image->interp_offset, image->interp_bytes, image->have))
		return ELF_OK;
	text = image->bytes + image->interp_offset;
	return elf_interp_check(
		(const char *)text, (size_t)image->interp_bytes);
}

static int
tls_read(struct elf_image *image, const uint8_t *header)
{
	struct elf_tls *tls = &image->tls;

	if (image->has_tls)
		return ELF_ERR_TLS;
	image->has_tls = true;
	*tls = (struct elf_tls){
		.vaddr = elf_get64(header + PH_VADDR),
		.offset = elf_get64(header + PH_OFFSET),
		.file_bytes = elf_get64(header + PH_FILESZ),
		.memory_bytes = elf_get64(header + PH_MEMSZ),
		.align = elf_get64(header + PH_ALIGN),
	};
	if (tls->align == 0)
		tls->align = 1;
	if (!is_power_of_two(tls->align) || tls->align > image->want.limit ||
		tls->file_bytes > tls->memory_bytes ||
		!range_inside(tls->vaddr, tls->memory_bytes, image->want.limit))
		return ELF_ERR_TLS;
	if (!range_inside(tls->offset, tls->file_bytes, image->file_size))
		return ELF_ERR_TRUNCATED;
	if (tls->file_bytes != 0 &&
		!loaded_from_file(image, tls->vaddr, tls->file_bytes))
		return ELF_ERR_TLS;
	return ELF_OK;
}

/* PT_PHDR says where the program headers stand in memory: believe and check */
static int
phdr_read(struct elf_image *image, const uint8_t *header)
{
	uint64_t vaddr = elf_get64(header + PH_VADDR);
	uint64_t count = (uint64_t)image->header_count * PH_BYTES;

	if (image->header_vaddr != 0 || !loaded_from_file(image, vaddr, count))
		return ELF_ERR_PHDR;
	image->header_vaddr = vaddr;
	return ELF_OK;
}

/* Without PT_PHDR: the segment that happens to bring the headers along. */
static void
phdr_search(struct elf_image *image)
{
	uint64_t count = (uint64_t)image->header_count * PH_BYTES;
	struct elf_segment segment;
	unsigned cursor = 0;

	while (elf_segment_next(image, &cursor, &segment) == 1) {
		if (image->header_offset < segment.offset ||
			!range_inside(image->header_offset - segment.offset,
				count, segment.file_bytes))
			continue;
		image->header_vaddr =
			segment.vaddr + image->header_offset - segment.offset;
		return;
	}
}

static int
other_headers_read(struct elf_image *image)
{
	const uint8_t *header;
	unsigned i;
	int status;

	for (i = 0; i < image->header_count; i++) {
		header = program_header(image, i);
		status = ELF_OK;
		switch (elf_get32(header + PH_TYPE)) {
		case PT_INTERP:
			status = interp_read(image, header);
			break;
		case PT_TLS:
			status = tls_read(image, header);
			break;
		case PT_PHDR:
			status = phdr_read(image, header);
			break;
		case PT_GNU_STACK:
			image->has_stack = true;
			image->stack_flags = elf_get32(header + PH_FLAGS) &
				(ELF_READ | ELF_WRITE | ELF_EXEC);
			break;
		default:
			break;
		}
		if (status != ELF_OK)
			return status;
	}
	if (image->header_vaddr == 0)
		phdr_search(image);
	return ELF_OK;
}

int
elf_header_check(const void *first, size_t have, uint64_t file_size,
	const struct elf_want *want, struct elf_image *out)
{
	int status;

	if (have > file_size)
		have = (size_t)file_size;
	*out = (struct elf_image){
		.bytes = first,
		.have = have,
		.file_size = file_size,
		.want = *want,
	};
	status = ident_check(first, have, file_size);
	if (status == ELF_OK)
		status = file_header_read(out);
	if (status == ELF_OK)
		status = segments_check(out);
	if (status == ELF_OK)
		status = other_headers_read(out);
	return status;
}

int
elf_image_check(const void *base, size_t size, const struct elf_want *want,
	struct elf_image *out)
{
	return elf_header_check(base, size, size, want, out);
}

int
elf_interp_get(const struct elf_image *image, const char **path)
{
	const char *text;
	int status;

	if (!image->has_interp)
		return ELF_ERR_INTERP;
	if (!range_inside(
		    image->interp_offset, image->interp_bytes, image->have))
		return ELF_ERR_PARTIAL;
	text = (const char *)image->bytes + image->interp_offset;
	status = elf_interp_check(text, (size_t)image->interp_bytes);
	if (status == ELF_OK)
		*path = text;
	return status;
}

int
elf_interp_check(const char *bytes, size_t count)
{
	size_t i;

	if (count < 3 || count > ELF_INTERP_MAX || bytes[0] != '/')
		return ELF_ERR_INTERP;
	for (i = 0; i < count; i++) {
		if (bytes[i] == '\0')
			return i == count - 1 ? ELF_OK : ELF_ERR_INTERP;
	}
	return ELF_ERR_INTERP;
}
