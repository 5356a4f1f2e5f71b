/* SPDX-License-Identifier: MIT */
/*
 * For unit tests on the host: the traps are functions of the fake kernel.
 */
#pragma once

#include <glenda/message.h>

struct sender {
	uint64_t badge;
	uint64_t tag;
};

status_t syscall_call(cptr_t cap, struct message *message);
status_t syscall_send(cptr_t cap, const struct message *message);
uint64_t clock_ticks(void);
