/* SPDX-License-Identifier: MIT
 *
 * Reading ACPI tables (acpi.h). They come from firmware below 4 GiB, where the
 * physical map shows them; lengths are checked all the same.
 */
#include "acpi.h"
#include "apic.h"
#include "early.h"

#include <machine/memory.h>
#include <string.h>

#define HEADER_SIZE 36
#define TABLE_MAX (UINT32_C(1) << 22)

#define ROOT_OLD 16 /* in the root pointer: address of the old list */
#define ROOT_REVISION 15
#define ROOT_NEW 24

#define FADT_DSDT 40
#define FADT_SMI_PORT 48
#define FADT_ACPI_ENABLE 52
#define FADT_PM1A 64
#define FADT_PM1B 68
#define FADT_FLAGS 112
#define FADT_RESET 116
#define FADT_RESET_VALUE 128
#define FADT_DSDT_NEW 140
#define FADT_SLEEP 244
#define FLAG_HAS_RESET (1u << 10)
#define FLAG_REDUCED (1u << 20)

#define MADT_ENTRIES 44
#define ENTRY_PROCESSOR 0
#define ENTRY_CONTROLLER 1
#define ENTRY_OVERRIDE 2
#define ENTRY_X2_PROCESSOR 9

#define AML_NAME 0x08
#define AML_BYTE 0x0a
#define AML_PACKAGE 0x12

/* A table: its bytes and length; NULL: not there. */
struct table {
	const uint8_t *bytes;
	uint32_t length;
};

static uint64_t
field(const struct table *table, uint32_t offset, unsigned size)
{
	uint64_t value = 0;

	if (offset + size <= table->length)
		memcpy(&value, table->bytes + offset, size);
	return value;
}

static struct table
table_at(uint64_t address)
{
	struct table table = {NULL, 0};
	uint32_t length;

	if (!address || address >= EARLY_LIMIT - TABLE_MAX)
		return table;
	table.bytes = phys_to_virt(paddr_make(address));
	memcpy(&length, table.bytes + 4, sizeof(length));
	table.length = length < TABLE_MAX ? length : 0;
	return table;
}

static struct table
table_find(const struct table *list, unsigned width, const char *name)
{
	struct table table;
	uint32_t at;

	for (at = HEADER_SIZE; at + width <= list->length; at += width) {
		table = table_at(field(list, at, width));
		if (table.length >= HEADER_SIZE &&
			!memcmp(table.bytes, name, 4))
			return table;
	}
	return (struct table){NULL, 0};
}

static void
read_madt(const struct table *madt, struct acpi *result)
{
	uint32_t at, length;

	for (at = MADT_ENTRIES; at + 2 <= madt->length; at += length) {
		length = (uint32_t)field(madt, at + 1, 1);
		if (length < 2)
			return;
		switch (field(madt, at, 1)) {
		case ENTRY_PROCESSOR:
			result->processors += field(madt, at + 4, 4) & 1;
			break;
		case ENTRY_X2_PROCESSOR:
			result->processors += field(madt, at + 8, 4) & 1;
			break;
		case ENTRY_CONTROLLER:
			apic_add_lines(field(madt, at + 4, 4),
				(unsigned)field(madt, at + 8, 4));
			break;
		case ENTRY_OVERRIDE:
			if ((field(madt, at + 8, 2) & 3) == 3)
				apic_line_is_low(
					(unsigned)field(madt, at + 4, 4));
			break;
		}
	}
}

/* One of the small numbers that a package begins with; *at moves on. */
static uint8_t
aml_number(const uint8_t **at)
{
	uint8_t byte = *(*at)++;

	return byte == AML_BYTE ? *(*at)++ : byte;
}

/* The sleep types of state S5: Name (_S5, Package {a, b, ..}). There is no
 * interpreter; the bytes are looked for. */
static void
read_sleep_types(const struct table *dsdt, struct acpi *result)
{
	uint32_t at;

	for (at = HEADER_SIZE; at + 16 < dsdt->length; at++) {
		const uint8_t *bytes = dsdt->bytes + at;

		if (bytes[0] != AML_NAME)
			continue;
		bytes += bytes[1] == '\\' ? 2 : 1;
		if (memcmp(bytes, "_S5_", 4) != 0 || bytes[4] != AML_PACKAGE)
			continue;
		/* Its length takes one byte and as many as it says; then
		 * the number of elements. */
		bytes += 5 + 1 + (bytes[5] >> 6) + 1;
		result->off_a = aml_number(&bytes);
		result->off_b = aml_number(&bytes);
		result->can_off = true;
		return;
	}
}

static void
read_fadt(const struct table *fadt, struct acpi *result)
{
	uint64_t flags = field(fadt, FADT_FLAGS, 4);
	uint64_t dsdt_address = field(fadt, FADT_DSDT_NEW, 8);
	struct table dsdt;

	if (flags & FLAG_HAS_RESET) {
		result->reset = field(fadt, FADT_RESET + 4, 8);
		result->reset_is_port = field(fadt, FADT_RESET, 1) == 1;
		result->reset_value = (uint8_t)field(fadt, FADT_RESET_VALUE, 1);
	}
	result->pm1a = (uint16_t)field(fadt, FADT_PM1A, 4);
	result->pm1b = (uint16_t)field(fadt, FADT_PM1B, 4);
	result->enable_port = (uint16_t)field(fadt, FADT_SMI_PORT, 4);
	result->enable_value = (uint8_t)field(fadt, FADT_ACPI_ENABLE, 1);
	if (flags & FLAG_REDUCED) {
		result->sleep = field(fadt, FADT_SLEEP + 4, 8);
		result->sleep_is_port = field(fadt, FADT_SLEEP, 1) == 1;
	}
	dsdt = table_at(
		dsdt_address ? dsdt_address : field(fadt, FADT_DSDT, 4));
	read_sleep_types(&dsdt, result);
	if (!result->sleep && !result->pm1a)
		result->can_off = false;
}

void
acpi_read(uint64_t pointer, struct acpi *result)
{
	struct table root = {NULL, HEADER_SIZE}, list, table;
	unsigned width = 8;

	if (!pointer || pointer >= EARLY_LIMIT - PAGE_SIZE)
		return;
	root.bytes = phys_to_virt(paddr_make(pointer));
	if (memcmp(root.bytes, "RSD PTR ", 8) != 0)
		return;
	if (field(&root, ROOT_REVISION, 1) >= 2) {
		list = table_at(field(&root, ROOT_NEW, 8));
	} else {
		list = table_at(field(&root, ROOT_OLD, 4));
		width = 4;
	}
	table = table_find(&list, width, "APIC");
	read_madt(&table, result);
	table = table_find(&list, width, "FACP");
	read_fadt(&table, result);
}
