/* SPDX-License-Identifier: MIT
 *
 * The unit tests of the kernel's portable code on the host: runs every group of
 * tests.h and ends with status 1 when one of them failed.
 */
#include "tests.h"

int
main(void)
{
	int failed = 0;

	failed += slot_tests();
	failed += cspace_tests();
	failed += untyped_tests();
	failed += vspace_tests();
	failed += large_tests();
	failed += frame_tests();
	failed += boot_tests();
	failed += random_tests();
	return failed != 0;
}
