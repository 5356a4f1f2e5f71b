# SPDX-License-Identifier: MIT
#
# The tools and machine flags for riscv64. Native code keeps off the
# floating-point registers, so that those of a client stay live across calls.

CROSS := riscv64-linux-gnu-
CC := $(CROSS)gcc
LD := $(CROSS)ld
AR := $(CROSS)ar
NM := $(CROSS)nm
OBJCOPY := $(CROSS)objcopy
ARCH_FLAGS := -march=rv64imac_zicsr_zifencei -mabi=lp64 -mcmodel=medany
ARCH_MODEL := -fno-pic
# Clang parses the same sources for the static checks.
CLANG_TARGET := --target=riscv64-unknown-elf -march=rv64imac -mabi=lp64 \
	-mcmodel=medany
# The kernel as boot loaders take it: its bytes.
KERNEL_COPY := -O binary
