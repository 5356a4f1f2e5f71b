/* SPDX-License-Identifier: MIT */
/*
 * What the files of this test share.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../frames.h"
#include "../futex.h"
#include "../heap.h"
#include "../ids.h"
#include "../invariant.h"
#include "../kobjects.h"
#include "../limits.h"
#include "../memory.h"
#include "../notices.h"
#include "../process.h"
#include "../signals.h"
#include "../slots.h"
#include "../supply.h"
#include "fake_kernel.h"

#include <glenda/factotum_server.h>

#define BASE 0x10000000ul
#define RW (FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE)

/* Fresh modules over a fresh double of the kernel; all given back. */
int begin(void **state);
int end(void **state);

/* A private anonymous area. */
struct area plain(vaddr_t start, uint64_t pages, uint8_t prot);

/* Cases of process_test.c; how many failed. */
int run_process_tests(void);

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
