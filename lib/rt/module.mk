# SPDX-License-Identifier: MIT
$(call library,rt,bits.c,)
$(call unit_test,rt,test/rt_test.c bits.c,)
lib.rt.cflags := -fno-builtin
unit.rt.cflags := -fno-builtin
