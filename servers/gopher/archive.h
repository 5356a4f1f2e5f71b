/* SPDX-License-Identifier: MIT */
/* The boot archive as the first content of the root. */
#pragma once

#include <stddef.h>

#include "node.h"

/*
 * Make folders, files, links and FIFOs of the archive below `root`; the
 * bytes of files stay in the archive until they are written to.  0, or the
 * first error, with what came before it in place.
 */
status_t archive_populate(struct node *root, const void *bytes, size_t size);

/* The folder of that name below `parent`, made with mode if missing. */
status_t archive_folder(struct node *parent, const char *name, size_t length,
	uint32_t mode, struct node **out);
