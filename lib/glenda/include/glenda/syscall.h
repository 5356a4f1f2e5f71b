/* SPDX-License-Identifier: MIT */
/*
 * Entering the kernel: syscall_call, syscall_send, syscall_receive,
 * syscall_yield and clock_ticks, each one trap or one instruction, in
 * arch/<architecture>. Needs no C library.
 *
 * A message that is passed in is overwritten by what comes back. The result
 * is the kernel's word about the call (0, a negative error, or for a receive
 * RECV_NOTIFICATION); a server's answer is the label of the message.
 */
#pragma once

#include <glenda/arch/syscall.h>
