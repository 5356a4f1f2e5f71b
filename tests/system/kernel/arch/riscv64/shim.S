/* SPDX-License-Identifier: MIT
 *
 * The shims and programs of the tests of redirection, riscv64 (arch.h).
 */
	.text
	/*
	 * shim_upcall: t0 is the UTCB. Counts, notes the program's a7, answers
	 * a0 = a1 + 1. With shim_mode 1 it first makes a cancellable Call.
	 */
	.globl shim_start, shim_end, shim_upcall, shim_signal, shim_return
	.balign 4
shim_start:
shim_upcall:
	sd	s0, 0x340(t0)
	sd	s1, 0x348(t0)
	mv	s0, t0
	la	s1, shim_number
	sd	a7, (s1)
	la	s1, shim_entries
	ld	a0, (s1)
	addi	a0, a0, 1
	sd	a0, (s1)
	la	s1, shim_mode
	ld	s1, (s1)
	beqz	s1, 1f
	sd	a1, 0x350(s0)
	.irp n, 6, 7, 12, 13, 14, 15, 16
	sd	x\n, 0x360 + 8 * \n (s0)
	.endr
	li	a7, 0
	la	a0, shim_endpoint
	ld	a0, (a0)
	li	a1, 0x1000	/* cancellable, nothing in it */
	ecall
	la	s1, shim_call_status
	sd	a0, (s1)
	ld	a1, 0x350(s0)
	/* A Call leaves nothing in the message registers to rely on. */
	.irp n, 6, 7, 12, 13, 14, 15, 16
	ld	x\n, 0x360 + 8 * \n (s0)
	.endr
1:	addi	a0, a1, 1
	ld	s1, 0x348(s0)
	mv	t0, s0
	ld	s0, 0x340(t0)
shim_return:
	li	a7, 5
	ecall
	unimp
	/* Count, then go back to where the context says. */
shim_signal:
	sd	s0, 0x340(t0)
	sd	s1, 0x348(t0)
	la	s0, shim_signals
	ld	s1, (s0)
	addi	s1, s1, 1
	sd	s1, (s0)
	ld	s1, 0x220(t0)
	la	s0, shim_signal_pc
	sd	s1, (s0)
	sd	s1, 0x1f0(t0)	/* pc */
	ld	s1, 0x230(t0)
	sd	s1, 0x1f8(t0)	/* sp */
	ld	s1, 0x248(t0)
	sd	s1, 0x200(t0)	/* t0 */
	ld	s1, 0x2a8(t0)
	sd	s1, 0x1a8(t0)	/* a7 */
	ld	s0, 0x340(t0)
	ld	s1, 0x348(t0)
	j	shim_return
shim_end:

	/* Calls, and checks that nothing but a0 changed. a0: rounds. */
	.globl program, program_busy
	.balign 4
program:
	mv	s11, a0
1:	li	a7, 0x1234
	mv	a1, s11
	.irp n, 5, 6, 7, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26
	li	x\n, 0x500 + \n
	.endr
	.irp n, 12, 13, 14, 15, 16, 28, 29, 30, 31
	li	x\n, 0x500 + \n
	.endr
	li	a0, 0
	mv	tp, sp
	ecall
	bne	tp, sp, 9f
	addi	a1, a1, 1
	bne	a0, a1, 9f
	li	a0, 0x1234
	bne	a0, a7, 9f
	.irp n, 5, 6, 7, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26
	li	a0, 0x500 + \n
	bne	a0, x\n, 9f
	.endr
	.irp n, 12, 13, 14, 15, 16, 28, 29, 30, 31
	li	a0, 0x500 + \n
	bne	a0, x\n, 9f
	.endr
	la	a0, program_rounds
	ld	a1, (a0)
	addi	a1, a1, 1
	sd	a1, (a0)
	addi	s11, s11, -1
	bnez	s11, 1b
8:	j	8b
9:	la	a1, program_bad
	li	a0, 1
	sd	a0, (a1)
	j	9b
program_busy:
	la	a1, program_rounds
	li	a7, 0x777
	li	t0, 0x555
	li	s2, 0x444
1:	ld	a0, (a1)
	addi	a0, a0, 1
	sd	a0, (a1)
	li	a0, 0x777
	bne	a0, a7, 9b
	li	a0, 0x555
	bne	a0, t0, 9b
	li	a0, 0x444
	bne	a0, s2, 9b
	j	1b

	/* Goes back at once. */
	.balign 4
	.globl plain_shim_start, plain_shim_end, plain_shim_upcall
plain_shim_start:
plain_shim_upcall:
	li	a7, 5
	ecall
plain_shim_end:
