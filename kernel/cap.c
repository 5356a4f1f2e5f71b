/* SPDX-License-Identifier: MIT
 *
 * The rules of what may be made of a capability; layout in cap.h.
 */
#include "cap.h"
#include "status.h"

bool
cap_copyable(const struct cap *cap)
{
	switch (cap_type(cap)) {
	case CAP_NONE:
	case OBJECT_UNTYPED:
	case OBJECT_PAGE_TABLE:
	case OBJECT_REPLY:
		return false;
	default:
		return true;
	}
}

status_t
cap_derive(const struct cap *source, unsigned rights, uint64_t badge,
	struct cap *result)
{
	unsigned type = cap_type(source);

	if (!cap_copyable(source))
		return STATUS_INVALID_CAP;
	*result = cap_with_rights(*source, rights & CAP_ALL);
	if (badge == 0)
		return STATUS_OK;
	if (type != OBJECT_ENDPOINT && type != OBJECT_NOTIFICATION)
		return STATUS_INVALID_ARGUMENT;
	if (source->extra != 0)
		return STATUS_INVALID_ARGUMENT;
	result->extra = badge;
	return STATUS_OK;
}
