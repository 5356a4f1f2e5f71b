# SPDX-License-Identifier: MIT
#
# The goals that people type.

NATIVE_BINARIES := $(PROGRAMS:%=$(B)/programs/%)

.PHONY: all kernel programs units fuzzers clean distclean help
all: $(if $(kernel.sources),$(KERNEL) $(KERNEL_IMAGE)) \
	$(if $(line.sources),$(LINE)) $(NATIVE_BINARIES)
kernel: $(KERNEL) $(KERNEL_IMAGE)
programs: $(NATIVE_BINARIES)
units: $(UNIT_BINARIES)
fuzzers: $(FUZZ_BINARIES)
linux-programs: $(LINUX_BINARIES)

clean:
	rm -rf $(B)
distclean:
	rm -rf build
help:
	@sed -n 's/^#  /  /p' Makefile
