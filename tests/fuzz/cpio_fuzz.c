/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes lib/cpio: every entry of any archive must lie inside it, the walk
 * must end, and what the walk shows, the search must find.
 */
#include "fuzz.h"

#include <string.h>

#include "cpio.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cpio archive = {data, size};
	struct cpio_entry entry, found;
	size_t cursor = 0, before = 0;
	unsigned searches = 0;

	while (cpio_next(&archive, &cursor, &entry) == 1) {
		const uint8_t *name = (const uint8_t *)entry.name;
		const uint8_t *bytes = entry.data;

		MUST(cursor > before && cursor <= size);
		MUST(name > data && name + entry.name_length < data + size);
		MUST(entry.name_length > 0 &&
			strlen(entry.name) == entry.name_length);
		MUST(bytes >= name && bytes <= data + size);
		MUST(entry.size <= (size_t)(data + size - bytes));
		if (searches++ < 8) {
			MUST(cpio_find(&archive, entry.name, &found) == 1);
			MUST(strcmp(cpio_name_plain(found.name),
				     cpio_name_plain(entry.name)) == 0);
		}
		before = cursor;
	}
	MUST(cursor == before);
	cpio_find(&archive, "init.toml", &found);
	return 0;
}
