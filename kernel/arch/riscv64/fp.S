/* SPDX-License-Identifier: MIT
 *
 * Saving and loading the floating-point registers: fp_save(a0), fp_load(a0).
 * The kernel itself is compiled without them.
 */
#include <machine/csr.h>

	.option	arch, +d
	.text
	.globl fp_save
fp_save:
	li	t0, SSTATUS_FS
	csrs	sstatus, t0
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	fsd	f\n, 8 * \n (a0)
	.endr
	.irp n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	fsd	f\n, 8 * \n (a0)
	.endr
	frcsr	t0
	sd	t0, 256(a0)
	ret

	.globl fp_load
fp_load:
	li	t0, SSTATUS_FS
	csrs	sstatus, t0
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	fld	f\n, 8 * \n (a0)
	.endr
	.irp n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	fld	f\n, 8 * \n (a0)
	.endr
	ld	t0, 256(a0)
	fscsr	t0
	ret
