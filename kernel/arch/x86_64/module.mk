# SPDX-License-Identifier: MIT
$(call kernel_sources,head.S trap.S fast.S early.c segments.c boot.c acpi.c \
	apic.c clock.c context.c fp.c layout.c platform.c)
