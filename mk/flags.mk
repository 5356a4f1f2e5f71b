# SPDX-License-Identifier: MIT
#
# Compiler flags, one set per kind of code. "native" is everything that runs
# on Glenda itself but the kernel; "pic" the same for the LINE shim; "host"
# the portable code that is tested on the machine that builds.

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wvla -Wundef -Werror
LANG := -std=gnu17 -g -fno-common
GEN := $(B)/gen
PICOLIBC := $(B)/picolibc
LIBC := $(PICOLIBC)/lib/libc.a

# Only our C library's headers and the compiler's own: never those of the
# cross compiler's Linux.
CC_INCLUDE = $(eval CC_INCLUDE := $$(shell $(CC) -print-file-name=include))$(CC_INCLUDE)
NOSTDINC = -nostdinc -isystem $(CC_INCLUDE)
LIBC_INCLUDE := -isystem $(PICOLIBC)/include

TARGET_FLAGS := $(LANG) $(WARN) $(ARCH_FLAGS) -O2 -fno-stack-protector \
	-fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections \
	-I$(GEN)/include
KERNEL_FLAGS = $(TARGET_FLAGS) -ffreestanding $(ARCH_MODEL) -D__KERNEL__ \
	-fno-omit-frame-pointer $(NOSTDINC) $(LIBC_INCLUDE)
NATIVE_FLAGS = $(TARGET_FLAGS) $(ARCH_MODEL) $(NOSTDINC) $(LIBC_INCLUDE)
PIC_FLAGS = $(TARGET_FLAGS) -ffreestanding -fPIC -fvisibility=hidden \
	-D__PIC_SHIM__ $(NOSTDINC) $(LIBC_INCLUDE)

HOST_CC ?= gcc
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined
HOST_FLAGS = $(LANG) $(WARN) -O1 -fno-omit-frame-pointer $(SANITIZE) \
	-D__HOST_TEST__ -I$(GEN)/include
FUZZ_CC ?= clang
FUZZ_FLAGS = $(LANG) $(WARN) -O1 -fno-omit-frame-pointer \
	-fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=undefined -D__HOST_TEST__ -I$(GEN)/include

LINK_FLAGS = $(ARCH_FLAGS) -nostdlib -static -no-pie -Wl,--build-id=none \
	-Wl,-z,max-page-size=4096 -Wl,-z,noexecstack -Wl,--gc-sections \
	-Wl,--no-warn-rwx-segments

# How recipes speak (V=1 shows whole commands), and what all of them wait for.
Q := $(if $(V),,@)
say = @$(if $(V),:,printf '  %-7s %s\n' $1 $2)

SETUP := build/.setup-$(ARCH)
GENERATED := $(GEN)/.stamp
BEFORE_HOST := $(SETUP) $(GENERATED)
BEFORE_TARGET := $(SETUP) $(GENERATED) $(LIBC)
