# SPDX-License-Identifier: MIT
$(call kernel_sources,head.S trap.S fast.S fp.S early.c boot.c context.c layout.c \
	platform.c plic.c)
