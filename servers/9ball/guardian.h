/* SPDX-License-Identifier: MIT */
/*
 * Factotum's fault handler (row N2): a second thread of 9Ball, since the first
 * may be waiting for Factotum's answer when it faults.
 */
#pragma once

#include <glenda/types.h>

/*
 * Start the thread. Returns the endpoint (badged for Factotum) that faults go
 * to; 0 on failure.
 */
cptr_t guardian_start(void);
