/* SPDX-License-Identifier: MIT */
/*
 * ELF64 reader: the one place where program images are judged.
 *
 * Used by 9Ball (to start Factotum), by Factotum (to load everything else)
 * and by whoever prints a backtrace.  It parses little-endian ELF64 only,
 * allocates nothing, keeps no state outside `struct elf_image`, never reads
 * outside the bytes that it was given, and trusts no field that it has not
 * checked.  A caller whose image can change while it is read (shared
 * memory) must give a private copy of the header bytes: each function reads
 * them again.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum elf_status {
	ELF_OK = 0,
	ELF_ERR_NOT_ELF = -1,	 /* no ELF magic number */
	ELF_ERR_CLASS = -2,	 /* not a 64-bit image */
	ELF_ERR_DATA = -3,	 /* not little endian */
	ELF_ERR_VERSION = -4,	 /* not version 1 */
	ELF_ERR_MACHINE = -5,	 /* for another architecture */
	ELF_ERR_TYPE = -6,	 /* neither EXEC nor DYN */
	ELF_ERR_HEADERS = -7,	 /* program headers missing or malformed */
	ELF_ERR_TRUNCATED = -8,	 /* something lies past the end of the file */
	ELF_ERR_PARTIAL = -9,	 /* it lies in the file, not in what we have */
	ELF_ERR_SIZE = -10,	 /* more bytes in the file than in memory */
	ELF_ERR_RANGE = -11,	 /* an address wraps or passes the limit */
	ELF_ERR_ALIGN = -12,	 /* address and offset differ within a page */
	ELF_ERR_ORDER = -13,	 /* segments not in rising order */
	ELF_ERR_OVERLAP = -14,	 /* segments share bytes */
	ELF_ERR_WX = -15,	 /* a segment is writable and executable */
	ELF_ERR_EMPTY = -16,	 /* nothing to load */
	ELF_ERR_ENTRY = -17,	 /* entry point in no executable segment */
	ELF_ERR_INTERP = -18,	 /* interpreter's path malformed */
	ELF_ERR_TLS = -19,	 /* thread-local template malformed */
	ELF_ERR_PHDR = -20,	 /* PT_PHDR points outside what is loaded */
	ELF_ERR_SYMBOLS = -21,	 /* symbol table malformed */
	ELF_ERR_NO_SYMBOL = -22, /* no symbol covers the address */
};

enum elf_machine {
	ELF_MACHINE_X86_64 = 62,
	ELF_MACHINE_RISCV = 243,
};

enum elf_flag {
	ELF_EXEC = 1,
	ELF_WRITE = 2,
	ELF_READ = 4,
};

/* More program headers than this are refused as malformed. */
#define ELF_HEADERS_MAX 128

/* The longest interpreter path, its NUL included. */
#define ELF_INTERP_MAX 4096

/* What the caller demands of an image. */
struct elf_want {
	uint16_t machine;   /* enum elf_machine */
	uint32_t page_size; /* bytes, a power of two */
	uint64_t limit;	    /* first address that may not be used */
};

struct elf_tls {
	uint64_t vaddr;	 /* of the initialised part */
	uint64_t offset; /* of the same in the file */
	uint64_t file_bytes;
	uint64_t memory_bytes; /* >= file_bytes, rest is zero */
	uint64_t align;	       /* a power of two, at least 1 */
};

/*
 * An image whose header was checked.  All fields may be read; addresses are
 * those of the file: for a position-independent image (`relocatable`) the
 * caller adds the base that it chose, after comparing `end` with the room.
 */
struct elf_image {
	const uint8_t *bytes; /* the caller's, must outlive this */
	size_t have;	      /* bytes present at `bytes` */
	uint64_t file_size;
	struct elf_want want;

	bool relocatable;	/* ET_DYN */
	uint16_t header_count;	/* program headers, AT_PHNUM */
	uint16_t header_bytes;	/* size of one, AT_PHENT */
	uint64_t header_offset; /* of the first, in the file */
	uint64_t header_vaddr;	/* the same in memory, AT_PHDR; 0: unmapped */
	uint64_t entry;

	unsigned segment_count; /* what elf_segment_next will give */
	unsigned shared_pages;	/* page borders with two permissions */
	uint64_t start;		/* lowest address, rounded down to a page */
	uint64_t end;		/* highest, rounded up */

	bool has_interp;
	uint64_t interp_offset;
	uint64_t interp_bytes; /* with its NUL */

	bool has_stack;	      /* PT_GNU_STACK present */
	uint32_t stack_flags; /* enum elf_flag bits */

	bool has_tls;
	struct elf_tls tls;
};

struct elf_segment {
	uint64_t vaddr;
	uint64_t offset;       /* in the file, same remainder in a page */
	uint64_t file_bytes;   /* rest up to memory_bytes is zero */
	uint64_t memory_bytes; /* never 0 */
	uint32_t flags;	       /* enum elf_flag bits, never WRITE + EXEC */
	/* First page also belongs to the previous segment, which has other
	 * flags: the loader must give that page the union or refuse. */
	bool shares_page;
};

struct elf_symbol {
	const char *name; /* in the image, NUL-terminated */
	uint64_t value;	  /* where it starts */
	uint64_t offset;  /* of the address asked for, from there */
};

/*
 * Check the header, all program headers and all segments of an image.
 *
 * @first	the first bytes of the file, no alignment needed
 * @have	how many of them are there
 * @file_size	bytes of the whole file, >= have
 * @want	what to demand of it
 * @out		filled on success; meaningless on failure
 *
 * Header and program headers must lie within `have`: ELF_ERR_PARTIAL means
 * that they do not, while the file is long enough (bring more and repeat).
 * Segment contents need not be present.  Returns ELF_OK or enum elf_status.
 */
int elf_header_check(const void *first, size_t have, uint64_t file_size,
	const struct elf_want *want, struct elf_image *out);

/* The same for an image that is present as a whole. */
int elf_image_check(const void *base, size_t size, const struct elf_want *want,
	struct elf_image *out);

/*
 * Give the next segment to load, in rising order of addresses.  Start with
 * *cursor = 0.  Returns 1 with *out filled, 0 after the last, or a negative
 * enum elf_status when the bytes changed since they were checked.
 */
int elf_segment_next(const struct elf_image *image, unsigned *cursor,
	struct elf_segment *out);

/*
 * The interpreter's path (has_interp must be set).  *path points into the
 * image.  ELF_ERR_PARTIAL when it is not among the bytes present: then read
 * interp_bytes at interp_offset and use elf_interp_check.
 */
int elf_interp_get(const struct elf_image *image, const char **path);

/* Is this a proper path: absolute, one NUL, at the end?  ELF_OK or _INTERP */
int elf_interp_check(const char *bytes, size_t count);

/*
 * Find the function that contains an address, for a backtrace.
 *
 * @base, @size	the whole file
 * @address	as in the file (for DYN: less the load base)
 *
 * Uses the full symbol table, else the dynamic one.  A symbol without a
 * size reaches to the next one.  Time is linear in the number of symbols.
 * Returns ELF_OK, ELF_ERR_NO_SYMBOL, or ELF_ERR_SYMBOLS and the errors of a
 * broken header.
 */
int elf_symbol_find(const void *base, size_t size, uint64_t address,
	struct elf_symbol *out);

/* One sentence without a full stop, for any enum elf_status. */
const char *elf_error_string(int status);
