# SPDX-License-Identifier: MIT
$(call library,cpio,cpio.c,)
$(call unit_test,cpio,test/cpio_test.c,cpio)
