/* SPDX-License-Identifier: MIT */
/* What every test file of Gopher includes, and the groups it gives. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <glenda/gopher.h>

#include "double.h"

int names_tests(void);
int tmpfs_tests(void);
int pipe_tests(void);
int session_tests(void);
int tty_tests(void);
int terminal_tests(void);
int wait_tests(void);
int harm_tests(void);
int quota_tests(void);
