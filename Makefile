# SPDX-License-Identifier: MIT
#
# Glenda's build, from the top. Every module lists itself in a module.mk of a
# few lines (mk/README.md says how); the rules that turn those lists into
# files stand in mk/. All output goes below build/, one folder per ARCH.
#
#   make run      boot to a shell            make test    every test
#   make check    style and static checks    make bench   measurements
#   make debug    boot under gdb             make fuzz    fuzz for longer
#   make clean    remove build/$(ARCH)       make help    this list
#
# ARCH=riscv64 or ARCH=x86_64 chooses.

ARCHES := riscv64 x86_64
# Without ARCH=, tests and checks are of EACH_ARCH, all else of the host's.
EACH_ARCH := $(or $(ARCH),$(ARCHES))
ARCH ?= $(or $(filter $(shell uname -m),$(ARCHES)),riscv64)
B := build/$(ARCH)

ifeq ($(filter $(ARCH),$(ARCHES)),)
$(error ARCH=$(ARCH) is none of: $(ARCHES))
endif
ifeq ($(wildcard mk/arch/$(ARCH).mk),)
$(error ARCH=$(ARCH) cannot be built: mk/arch/$(ARCH).mk is not there)
endif

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += -rR
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 1)
endif

include mk/arch/$(ARCH).mk
include mk/flags.mk
include mk/macros.mk
include mk/deps.mk
include $(MODULES)
include mk/rules.mk
include mk/goals.mk
