/* SPDX-License-Identifier: MIT */
/*
 * For unit tests on the host: the trap is a function of the test, which
 * carries the message to the server side in the same program.
 */
#pragma once

#include <glenda/message.h>

status_t syscall_call(cptr_t cap, struct message *message);
