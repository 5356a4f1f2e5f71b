/* SPDX-License-Identifier: MIT
 *
 * Runs all groups.
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
	failed += frame_tests();
	failed += random_tests();
	return failed != 0;
}
