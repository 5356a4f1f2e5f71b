/* SPDX-License-Identifier: MIT */
/*
 * For unit tests on the host: the traps are functions of the test, which
 * plays the kernel between client and server in one program.
 */
#pragma once

#include <glenda/message.h>

struct sender {
	uint64_t badge;
	uint64_t tag;
};

status_t syscall_call(cptr_t cap, struct message *message);
status_t syscall_send(cptr_t cap, const struct message *message);
status_t syscall_receive(uint64_t number, cptr_t cap, uint64_t slot,
	struct message *message, struct sender *sender);
