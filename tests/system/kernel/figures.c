#include "harness.h"
const struct test tests_figures[] = { { NULL, NULL } };
