/* SPDX-License-Identifier: MIT
 *
 * What of arch/page_table.h is not inline: asking the processor how many
 * ASIDs it has. The bits that it does not implement read back as zeros.
 */
#include <arch/page_table.h>

#define ASID_FIELD UINT64_C(0xffff)

unsigned
asid_count(void)
{
	uint64_t old, probe;

	__asm__ volatile("csrr %0, satp" : "=r"(old));
	probe = old | ASID_FIELD << SATP_ASID_SHIFT;
	__asm__ volatile("csrw satp, %1\n\t"
			 "csrr %0, satp\n\t"
			 "csrw satp, %2\n\t"
			 "sfence.vma zero, zero"
			 : "=&r"(probe)
			 : "r"(probe), "r"(old)
			 : "memory");
	return ((probe >> SATP_ASID_SHIFT) & ASID_FIELD) + 1;
}
