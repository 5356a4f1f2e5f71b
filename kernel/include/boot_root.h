/* SPDX-License-Identifier: MIT
 *
 * Making 9Ball: the first thread, with everything in its hands (row N1).
 */
#pragma once

#include <arch/platform.h>

struct thread;

/* Load 9Ball from the boot archive and give it the machine. The thread is
 * ready to run, but not queued. Panics when that cannot be done. */
struct thread *boot_root_make(const struct platform *platform);
