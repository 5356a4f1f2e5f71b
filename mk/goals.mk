# SPDX-License-Identifier: MIT
#
# The goals that people type.

NATIVE_BINARIES := $(PROGRAMS:%=$(B)/programs/%)

.PHONY: all image kernel programs units fuzzers linux-programs run setup \
	clean distclean help
all: image
image: $(KERNEL_IMAGE) $(BOOT)
kernel: $(KERNEL) $(KERNEL_IMAGE)
programs: $(NATIVE_BINARIES)
units: $(UNIT_BINARIES)
fuzzers: $(FUZZ_BINARIES)
linux-programs: $(LINUX_BINARIES)

setup:
	@rm -f $(SETUP)
	@tools/setup.sh $(ARCH)
run: image
	@./glenda run --arch $(ARCH) -v $(RUN)

clean:
	rm -rf $(B)
distclean:
	rm -rf build
help:
	@sed -n 's/^#  /  /p' Makefile
