/* SPDX-License-Identifier: MIT */
/*
 * Finding and mapping the registers of a granted device.
 */
#include <glenda/registers.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glenda/factotum_client.h>
#include <glenda/start.h>

/*
 * The start capability whose name is `name`, or that and "@" and a number,
 * which goes to *offset.
 */
static cptr_t
find_at(const char *name, uint64_t *offset)
{
	const struct start_info *info = start_info();
	const struct start_capability *cap =
		(const void *)((uintptr_t)info + info->capabilities);
	size_t length = strlen(name);

	for (uint64_t i = 0; i < info->capability_count; i++) {
		char text[START_NAME_BYTES + 1] = {0};

		memcpy(text, cap[i].name, START_NAME_BYTES);
		if (strncmp(text, name, length) != 0)
			continue;
		if (text[length] != '\0' && text[length] != '@')
			continue;
		*offset =
			text[length] ? strtoul(text + length + 1, NULL, 16) : 0;
		return cap[i].slot;
	}
	return 0;
}

static status_t
map(cptr_t object, uint64_t offset, struct registers *registers)
{
	vaddr_t address;
	size_t size;
	status_t status = factotum_object_info(object, &size, NULL, NULL);

	if (status == 0)
		status = factotum_mmap(CAP_FACTOTUM, 0, size,
			FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE,
			FACTOTUM_MAP_SHARED, 0, object, &address);
	if (status == 0 && offset >= size)
		status = STATUS_INVALID_ARGUMENT;
	if (status == 0)
		registers->memory =
			(volatile uint8_t *)(uintptr_t)(address + offset);
	return status;
}

status_t
registers_open(const char *name, struct registers *registers)
{
	char full[START_NAME_BYTES + 1];
	uint64_t offset;
	cptr_t object;

	*registers = (struct registers){0};
	snprintf(full, sizeof(full), "%s.ports", name);
	registers->ports = start_cap(full);
	if (registers->ports)
		return STATUS_OK;
	snprintf(full, sizeof(full), "%s.registers", name);
	object = find_at(full, &offset);
	return object ? map(object, offset, registers) : STATUS_NOT_FOUND;
}
