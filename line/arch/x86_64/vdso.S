/* SPDX-License-Identifier: MIT */
/* The vDSO's image (vdso/) as a page of the shim, behind the window. */
	.section .vdso, "a"
	.globl	line_vdso
line_vdso:
	.incbin	"vdso.so"

	.section .note.GNU-stack, "", @progbits
