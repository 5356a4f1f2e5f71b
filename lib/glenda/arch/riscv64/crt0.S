/* SPDX-License-Identifier: MIT */
/*
 * Where native processes and threads begin. The kernel hands over a0 (start
 * page, or the thread's record), sp and tp; what is missing is gp, which the
 * linker uses to reach small data.
 */
	/*
	 * The library's versions of these, before the linker looks into the C
	 * library. Named only, so that what nobody calls is left out again.
	 */
	.globl sbrk, _exit, abort, stdout, __retarget_lock_acquire

	.section .text.start, "ax"
	.globl _start
	.type _start, @function
_start:
	.option push
	.option norelax
	la	gp, __global_pointer$
	.option pop
	li	ra, 0
	li	s0, 0
	tail	runtime_main

	.globl thread_entry
	.type thread_entry, @function
thread_entry:
	.option push
	.option norelax
	la	gp, __global_pointer$
	.option pop
	li	ra, 0
	li	s0, 0
	tail	thread_begin
