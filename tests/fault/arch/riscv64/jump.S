/* SPDX-License-Identifier: MIT */
/*
 * shim_jump(target, w): load the registers that carry a message from w (0
 * capability, 1 info word, 2-6 and 8-10 words, 7 number, 11 slot), go to
 * target, and come back when it returns with the stack as it was.
 */
	.text
	.globl	shim_jump
shim_jump:
	addi	sp, sp, -112
	sd	ra, 0(sp)
	sd	s0, 8(sp)
	sd	s1, 16(sp)
	sd	s2, 24(sp)
	sd	s3, 32(sp)
	sd	s4, 40(sp)
	sd	s5, 48(sp)
	sd	s6, 56(sp)
	sd	s7, 64(sp)
	sd	s8, 72(sp)
	sd	s9, 80(sp)
	sd	s10, 88(sp)
	sd	s11, 96(sp)
	mv	t5, a0
	mv	t6, a1
	ld	a0, 0(t6)
	ld	a1, 8(t6)
	ld	a2, 16(t6)
	ld	a3, 24(t6)
	ld	a4, 32(t6)
	ld	a5, 40(t6)
	ld	a6, 48(t6)
	ld	a7, 56(t6)
	ld	t0, 64(t6)
	ld	t1, 72(t6)
	ld	t2, 80(t6)
	ld	t3, 88(t6)
	jalr	ra, t5, 0
	ld	ra, 0(sp)
	ld	s0, 8(sp)
	ld	s1, 16(sp)
	ld	s2, 24(sp)
	ld	s3, 32(sp)
	ld	s4, 40(sp)
	ld	s5, 48(sp)
	ld	s6, 56(sp)
	ld	s7, 64(sp)
	ld	s8, 72(sp)
	ld	s9, 80(sp)
	ld	s10, 88(sp)
	ld	s11, 96(sp)
	addi	sp, sp, 112
	ret
	.section .note.GNU-stack,"",%progbits
