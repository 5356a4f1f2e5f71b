# SPDX-License-Identifier: MIT
#
# What a module.mk may call (mk/README.md shows each with an example). These
# macros only note down; mk/rules.mk makes rules of the notes once all modules
# are known, so that the order of modules never matters.

MODULES := $(sort $(wildcard */module.mk */*/module.mk */*/*/module.mk))
MODULES := $(filter-out $(foreach a,$(filter-out $(ARCH),$(ARCHES)), \
	%/arch/$a/module.mk),$(MODULES))

# The folder of the module.mk that is being read.
HERE = $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
# Sources are named relative to it; generated ones start with build/.
here_sources = $(foreach s,$1,$(if $(filter build/%,$s),$s,$(HERE)/$s))

LIBRARIES :=
PROGRAMS :=
TEST_PROGRAMS :=
LINUX_PROGRAMS :=
UNITS :=
FUZZERS :=
SUITES :=
SYSTEM_TESTS :=
BOOT_FILES :=
kernel.sources :=
kernel.libs :=
kernel.cflags :=
line.sources :=
line.libs :=
line.cflags :=

# note(list,kind,name,sources,libs): the common part of what follows.
define note
$(eval $1 += $3)
$(eval $2.$3.dir := $(HERE))
$(eval $2.$3.sources := $(call here_sources,$4))
$(eval $2.$3.libs := $5)
endef

kernel_sources = $(eval kernel.sources += $(call here_sources,$1))
line_sources = $(eval line.sources += $(call here_sources,$1))
library = $(call note,LIBRARIES,lib,$1,$2,$3)
program = $(call note,PROGRAMS,program,$1,$2,$3)
test_program = $(call note,TEST_PROGRAMS,program,$1,$2,$3)
linux_program = $(call note,LINUX_PROGRAMS,linux,$1,$2,)
unit_test = $(call note,UNITS,unit,$1,$2,$3)
fuzzer = $(call note,FUZZERS,fuzz,$1,$2,$3)
boot_file = $(eval BOOT_FILES += $1=$2)
# suite(name,command,files that must be built first)
define suite
$(eval SUITES += $1)
$(eval suite.$1.command := $2)
$(eval suite.$1.needs := $3)
endef

# system_test(name,archive entries): boots the base archive with the entries
# NAME=FILE put over it; FILE is a path, or the name of a test program.
define system_test
$(eval SYSTEM_TESTS += $1)
$(eval system.$1.entries := $(foreach e,$2,$(firstword $(subst =, ,$e))=$(if \
	$(findstring /,$e),$(lastword $(subst =, ,$e)),$(B)/programs/$(lastword \
	$(subst =, ,$e)))))
endef
