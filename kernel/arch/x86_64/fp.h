/* SPDX-License-Identifier: MIT
 *
 * Setting up the floating-point unit.
 */
#pragma once

/* Switch on what the processor has; off for programs until they use it. */
void fp_setup(void);
