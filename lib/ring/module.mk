# SPDX-License-Identifier: MIT
$(call library,ring,ring.c,)
$(call unit_test,ring,test/ring_test.c,ring)
unit.ring.ldflags := -pthread
