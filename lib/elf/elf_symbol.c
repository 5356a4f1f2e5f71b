/* SPDX-License-Identifier: MIT */
/*
 * Symbol lookup and error texts of the ELF reader.  Serves backtraces, so
 * it must stand any image: each section is checked to lie in the file, each
 * name to end inside its string table, before it is used.
 */
#include "elf.h"

#include <string.h>

#include "elf_format.h"

struct section {
	const uint8_t *bytes;
	uint64_t size;
};

struct symbol_table {
	struct section symbols;
	struct section names;
};

/* Check that the section headers lie in the file; *out spans them all. */
static int
section_headers_find(const uint8_t *base, size_t size, struct section *out)
{
	uint64_t offset, count;

	if (size < EH_BYTES ||
		memcmp(base,
			"\x7f"
			"ELF",
			4) != 0)
		return ELF_ERR_NOT_ELF;
	if (base[EH_CLASS] != CLASS_64)
		return ELF_ERR_CLASS;
	if (base[EH_DATA] != DATA_LITTLE)
		return ELF_ERR_DATA;
	offset = elf_get64(base + EH_SHOFF);
	count = elf_get16(base + EH_SHNUM);
	if (offset == 0 || count == 0)
		return ELF_ERR_NO_SYMBOL;
	if (elf_get16(base + EH_SHENTSIZE) != SH_BYTES || offset > size ||
		count * SH_BYTES > size - offset)
		return ELF_ERR_SYMBOLS;
	out->bytes = base + offset;
	out->size = count * SH_BYTES;
	return ELF_OK;
}

static int
section_open(const uint8_t *base, size_t size, const uint8_t *header,
	struct section *out)
{
	uint64_t offset = elf_get64(header + SH_OFFSET);
	uint64_t count = elf_get64(header + SH_SIZE);

	if (offset > size || count > size - offset)
		return ELF_ERR_SYMBOLS;
	out->bytes = base + offset;
	out->size = count;
	return ELF_OK;
}

/* Open the first symbol table of this type, with its names. */
static int
symbol_table_open(const uint8_t *base, size_t size, uint32_t type,
	struct symbol_table *out)
{
	struct section headers;
	const uint8_t *header, *names;
	uint64_t at, link;
	int status;

	status = section_headers_find(base, size, &headers);
	if (status != ELF_OK)
		return status;
	for (at = 0; at < headers.size; at += SH_BYTES) {
		header = headers.bytes + at;
		if (elf_get32(header + SH_TYPE) == type)
			break;
	}
	if (at >= headers.size)
		return ELF_ERR_NO_SYMBOL;
	link = (uint64_t)elf_get32(header + SH_LINK) * SH_BYTES;
	if (link >= headers.size || elf_get64(header + SH_ENTSIZE) != SYM_BYTES)
		return ELF_ERR_SYMBOLS;
	names = headers.bytes + link;
	if (elf_get32(names + SH_TYPE) != SHT_STRTAB)
		return ELF_ERR_SYMBOLS;
	status = section_open(base, size, header, &out->symbols);
	if (status == ELF_OK)
		status = section_open(base, size, names, &out->names);
	if (status != ELF_OK)
		return status;
	/* With a NUL at the end every name inside is terminated. */
	if (out->names.size == 0 || out->names.bytes[out->names.size - 1] != 0)
		return ELF_ERR_SYMBOLS;
	return ELF_OK;
}

/* Could this symbol be the name of code at this address? */
static bool
symbol_covers(const uint8_t *symbol, uint64_t address)
{
	unsigned type = symbol[SYM_INFO] & 0xf;
	uint64_t value = elf_get64(symbol + SYM_VALUE);
	uint64_t size = elf_get64(symbol + SYM_SIZE);

	if (type != STT_FUNC && type != STT_NOTYPE)
		return false;
	if (elf_get16(symbol + SYM_SHNDX) == SHN_UNDEF || value > address)
		return false;
	return size == 0 || address - value < size;
}

/* The name, or NULL if it is empty, outside, local or a mapping symbol. */
static const char *
symbol_name(const struct section *names, const uint8_t *symbol)
{
	uint32_t at = elf_get32(symbol + SYM_NAME);
	const char *name;

	if (at >= names->size)
		return NULL;
	name = (const char *)names->bytes + at;
	if (*name == '\0' || *name == '$' || *name == '.')
		return NULL;
	return name;
}

static int
symbol_search(const struct symbol_table *table, uint64_t address,
	struct elf_symbol *out)
{
	const uint8_t *symbol;
	const char *name;
	uint64_t at, value;
	bool better, found = false, found_function = false;

	for (at = 0; table->symbols.size - at >= SYM_BYTES; at += SYM_BYTES) {
		symbol = table->symbols.bytes + at;
		if (!symbol_covers(symbol, address))
			continue;
		value = elf_get64(symbol + SYM_VALUE);
		better = !found || value > out->value ||
			(value == out->value && !found_function);
		name = better ? symbol_name(&table->names, symbol) : NULL;
		if (name == NULL)
			continue;
		found = true;
		found_function = (symbol[SYM_INFO] & 0xf) == STT_FUNC;
		out->name = name;
		out->value = value;
		out->offset = address - value;
	}
	return found ? ELF_OK : ELF_ERR_NO_SYMBOL;
}

int
elf_symbol_find(
	const void *base, size_t size, uint64_t address, struct elf_symbol *out)
{
	struct symbol_table table;
	int status;

	status = symbol_table_open(base, size, SHT_SYMTAB, &table);
	if (status == ELF_ERR_NO_SYMBOL)
		status = symbol_table_open(base, size, SHT_DYNSYM, &table);
	if (status != ELF_OK)
		return status;
	return symbol_search(&table, address, out);
}

const char *
elf_error_string(int status)
{
	static const char *const text[] = {
		[ELF_OK] = "the image is sound",
		[-ELF_ERR_NOT_ELF] = "not an ELF file",
		[-ELF_ERR_CLASS] = "not a 64-bit ELF file",
		[-ELF_ERR_DATA] = "not a little-endian ELF file",
		[-ELF_ERR_VERSION] = "unknown version of the ELF format",
		[-ELF_ERR_MACHINE] = "made for another architecture",
		[-ELF_ERR_TYPE] = "neither an executable nor a "
				  "position-independent image",
		[-ELF_ERR_HEADERS] = "the program headers are malformed",
		[-ELF_ERR_TRUNCATED] = "the file is shorter than its "
				       "headers say",
		[-ELF_ERR_PARTIAL] = "more of the file must be read first",
		[-ELF_ERR_SIZE] = "a segment is larger in the file than in "
				  "memory",
		[-ELF_ERR_RANGE] = "a segment lies outside user memory",
		[-ELF_ERR_ALIGN] = "a segment is misaligned",
		[-ELF_ERR_ORDER] = "the segments are not in rising order",
		[-ELF_ERR_OVERLAP] = "two segments overlap",
		[-ELF_ERR_WX] = "a segment is both writable and executable",
		[-ELF_ERR_EMPTY] = "there is no segment to load",
		[-ELF_ERR_ENTRY] = "the entry point is in no executable "
				   "segment",
		[-ELF_ERR_INTERP] = "the interpreter's path is malformed",
		[-ELF_ERR_TLS] = "the thread-local template is malformed",
		[-ELF_ERR_PHDR] = "the program headers are not loaded where "
				  "they claim to be",
		[-ELF_ERR_SYMBOLS] = "the symbol table is malformed",
		[-ELF_ERR_NO_SYMBOL] = "no symbol covers the address",
	};

	if (status > 0 || status < ELF_ERR_NO_SYMBOL)
		return "unknown error";
	return text[-status];
}
