/* SPDX-License-Identifier: MIT */
/*
 * Where native processes and threads begin. The kernel hands over rdi (start
 * page, or the thread's record), rsp and FS base. A frame pointer of 0 ends
 * backtraces; the stack is aligned as the calling convention wants it before
 * a call, whatever the maker of the thread gave.
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
	xorl	%ebp, %ebp
	andq	$-16, %rsp
	cld
	call	runtime_main
	ud2

	.globl thread_entry
	.type thread_entry, @function
thread_entry:
	xorl	%ebp, %ebp
	andq	$-16, %rsp
	cld
	call	thread_begin
	ud2

	.section .note.GNU-stack, "", @progbits
