/* SPDX-License-Identifier: MIT
 *
 * The groups of the kernel's unit tests; each returns its failures.
 */
#pragma once

#define TEST(name) cmocka_unit_test_setup(name, host_setup)

int slot_tests(void);
int cspace_tests(void);
int untyped_tests(void);
int vspace_tests(void);
int large_tests(void);
int frame_tests(void);
int boot_tests(void);
int random_tests(void);
