/* SPDX-License-Identifier: MIT
 *
 * Fills f0..f31 from `seed`, then checks them for ever, riscv64 (arch.h).
 */
	.text
	.option push
	.option arch, +d
	.globl fp_worker
fp_worker:
	.irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	addi	t0, a0, \n
	fmv.d.x	f\n, t0
	.endr
	.irp n,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	addi	t0, a0, \n
	fmv.d.x	f\n, t0
	.endr
	andi	t0, a0, 7
	fsrm	t0
1:
	.irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	addi	t0, a0, \n
	fmv.x.d	t1, f\n
	bne	t0, t1, 2f
	.endr
	.irp n,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	addi	t0, a0, \n
	fmv.x.d	t1, f\n
	bne	t0, t1, 2f
	.endr
	frrm	t1
	andi	t0, a0, 7
	bne	t0, t1, 2f
	la	t2, fp_rounds
	li	t0, 1
	amoadd.d zero, t0, (t2)
	j	1b
2:	la	t2, fp_broken
	sd	t1, (t2)
	j	2b
	.option pop
