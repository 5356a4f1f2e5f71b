/* SPDX-License-Identifier: MIT */
	.section .text.trap, "ax"
	.globl fast_call, fast_reply_receive
fast_call:
fast_reply_receive:
	jmp	save_all
