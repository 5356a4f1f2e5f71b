/* SPDX-License-Identifier: MIT */
/* Lifetime of quotas; the counting is where things are made and dropped. */
#include "quota.h"

#include <stdlib.h>

struct quota *
quota_create(void)
{
	struct quota *quota = calloc(1, sizeof(*quota));

	if (quota)
		quota->references = 1;
	return quota;
}

void
quota_get(struct quota *quota)
{
	quota->references++;
}

void
quota_put(struct quota *quota)
{
	if (--quota->references == 0)
		free(quota);
}
