# SPDX-License-Identifier: MIT
#
# The tools and machine flags for x86_64. Native code keeps off the vector
# registers, so that those of a client stay live across calls.

CROSS := x86_64-linux-gnu-
CC := $(CROSS)gcc
LD := $(CROSS)ld
AR := $(CROSS)ar
NM := $(CROSS)nm
OBJCOPY := $(CROSS)objcopy
ARCH_FLAGS := -march=x86-64 -mgeneral-regs-only -mno-red-zone \
	-fcf-protection=none
# The kernel lives far above what 32-bit addresses reach.
ARCH_MODEL := -fpie
# Clang parses the same sources for the static checks.
CLANG_TARGET := --target=x86_64-unknown-elf -mno-sse -mno-red-zone
# The kernel as boot loaders take it: ELF, whose note names the entry.
KERNEL_COPY := --strip-all
