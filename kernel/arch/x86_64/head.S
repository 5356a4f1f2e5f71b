/* SPDX-License-Identifier: MIT
 *
 * The first instructions. A boot loader that knows PVH finds the entry by the
 * note, loads the image at 2 MiB and enters in 32-bit mode without paging, with
 * ebx = physical address of struct start_info (boot.c).
 *
 * The tables made here show all of the first 4 GiB by 2 MiB pages at their own
 * addresses and in the physical map, and the image's 2 MiB in its place;
 * early.c gives them their final form.
 */
#include <machine/cpu.h>
#include <machine/offsets.h>

#define PHYSICAL(symbol) ((symbol) - KERNEL_IMAGE + KERNEL_LOAD)
#define NOTE_PHYS32_ENTRY 18
#define TABLE 0x003	/* valid, writable */
#define LARGE_PAGE 0x1e3 /* valid, writable, accessed, dirty, large, global */
#define NO_EXECUTE 0x80000000
#define CR0_START 0x80010033 /* paging, write protection, FP errors, mode */

	.section .note.pvh, "a", @note
	.balign	4
	.long	4, 8, NOTE_PHYS32_ENTRY
	.asciz	"Xen"
	.quad	PHYSICAL(pvh_entry)

	.section .head, "ax"
	.code32
	.globl pvh_entry
pvh_entry:
	cli
	cld
	movl	$PHYSICAL(physical_directories), %edi
	movl	$LARGE_PAGE, %eax
1:	movl	%eax, (%edi)
	movl	$NO_EXECUTE, 4(%edi)
	addl	$8, %edi
	addl	$0x200000, %eax
	jnc	1b
	/* We are here. */
	movl	$0, PHYSICAL(physical_directories) + 8 * (KERNEL_LOAD >> 21) + 4

	movl	$PHYSICAL(physical_directories) + TABLE, %eax
	movl	$PHYSICAL(physical_top), %edi
	movl	$4, %ecx
2:	movl	%eax, (%edi)
	addl	$8, %edi
	addl	$0x1000, %eax
	loop	2b

	movl	$PHYSICAL(early_root), %edi
	movl	$PHYSICAL(physical_top) + TABLE, (%edi)
	movl	$PHYSICAL(physical_top) + TABLE, 8 * 256(%edi)
	movl	$PHYSICAL(image_top) + TABLE, 8 * 510(%edi)
	movl	$PHYSICAL(image_middle) + TABLE, PHYSICAL(image_top)
	movl	$KERNEL_LOAD + LARGE_PAGE, PHYSICAL(image_middle)

	movl	$CR4_PAE | CR4_GLOBAL, %eax
	movl	%eax, %cr4
	movl	%edi, %cr3
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$EFER_LONG | EFER_NX | EFER_SYSCALL, %eax
	wrmsr
	movl	$CR0_START, %eax
	movl	%eax, %cr0
	lgdt	PHYSICAL(head_table)
	ljmp	$SELECT_CODE, $PHYSICAL(long_mode)

	.code64
long_mode:
	movabsq	$high, %rax
	jmp	*%rax
high:
	xorl	%eax, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %fs
	movl	%eax, %gs
	movl	%eax, %ss
	leaq	kernel_stack_end(%rip), %rsp
	leaq	boot_context - CONTEXT(%rip), %rax
	movq	%rax, %rdx
	shrq	$32, %rdx
	movl	$MSR_GS_BASE, %ecx
	wrmsr
	movl	%ebx, %edi
	xorl	%ebp, %ebp
	pushq	$0		/* backtraces end here */
	jmp	boot_arch

	/* Only until segments.c loads the real one. */
	.balign	8
head_segments:
	.quad	0, 0
	.quad	0x00209b0000000000
head_table:
	.word	3 * 8 - 1
	.long	PHYSICAL(head_segments)
