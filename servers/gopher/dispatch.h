/* SPDX-License-Identifier: MIT */
/* From a received message to its handler. */
#pragma once

#include "call.h"

/*
 * Check the shape of the message (call->number, word_count, lease_count),
 * find its session and run its handler.  A status or CALL_PARKED.
 */
int dispatch(struct call *call);
