/* SPDX-License-Identifier: MIT */
/* The smallest Linux program, for fork+exec without a C library: exit(0). */
	.globl	_start
_start:
	xor	%edi, %edi
	mov	$231, %eax	/* exit_group */
	syscall
