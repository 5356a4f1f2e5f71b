/* SPDX-License-Identifier: MIT */
/*
 * The ELF64 file format as far as lib/elf reads it: field offsets within
 * each structure, and accessors that need no alignment and work on a
 * machine of either byte order.  Private to lib/elf.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* File header. */
enum {
	EH_CLASS = 4,
	EH_DATA = 5,
	EH_IDENT_VERSION = 6,
	EH_TYPE = 16,
	EH_MACHINE = 18,
	EH_VERSION = 20,
	EH_ENTRY = 24,
	EH_PHOFF = 32,
	EH_SHOFF = 40,
	EH_EHSIZE = 52,
	EH_PHENTSIZE = 54,
	EH_PHNUM = 56,
	EH_SHENTSIZE = 58,
	EH_SHNUM = 60,
	EH_BYTES = 64,
};

/* Program header. */
enum {
	PH_TYPE = 0,
	PH_FLAGS = 4,
	PH_OFFSET = 8,
	PH_VADDR = 16,
	PH_FILESZ = 32,
	PH_MEMSZ = 40,
	PH_ALIGN = 48,
	PH_BYTES = 56,
};

/* Section header. */
enum {
	SH_TYPE = 4,
	SH_OFFSET = 24,
	SH_SIZE = 32,
	SH_LINK = 40,
	SH_ENTSIZE = 56,
	SH_BYTES = 64,
};

/* Symbol. */
enum {
	SYM_NAME = 0,
	SYM_INFO = 4,
	SYM_SHNDX = 6,
	SYM_VALUE = 8,
	SYM_SIZE = 16,
	SYM_BYTES = 24,
};

enum {
	CLASS_64 = 2,
	DATA_LITTLE = 1,
	VERSION_CURRENT = 1,
	TYPE_EXEC = 2,
	TYPE_DYN = 3,
};

#define PT_LOAD 1u
#define PT_INTERP 3u
#define PT_PHDR 6u
#define PT_TLS 7u
#define PT_GNU_STACK 0x6474e551u

#define SHT_SYMTAB 2u
#define SHT_STRTAB 3u
#define SHT_DYNSYM 11u

#define STT_NOTYPE 0u
#define STT_FUNC 2u
#define SHN_UNDEF 0u

static inline uint16_t
elf_get16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t
elf_get32(const uint8_t *p)
{
	return elf_get16(p) | (uint32_t)elf_get16(p + 2) << 16;
}

static inline uint64_t
elf_get64(const uint8_t *p)
{
	return elf_get32(p) | (uint64_t)elf_get32(p + 4) << 32;
}
