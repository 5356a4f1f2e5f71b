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

# TEST=name runs what has that in its name; FUZZ_SECONDS is per fuzzer.
FUZZ_SECONDS ?= 60
.PHONY: test test-build fuzz
test-build: $(TEST_NEEDS)
test: | $(SETUP)
	-@$(MAKE) --no-print-directory -k test-build
	$(call write_suites)
	@python3 tools/test.py --arch $(ARCH) --fuzz-seconds $(FUZZ_SECONDS) \
		$(if $(TEST),--only '$(TEST)')
fuzz: | $(SETUP)
	-@$(MAKE) --no-print-directory -k fuzzers
	$(call write_suites)
	@python3 tools/test.py --arch $(ARCH) --kind fuzz --no-rows \
		--fuzz-seconds $(if $(filter 60,$(FUZZ_SECONDS)),600,$(FUZZ_SECONDS))

clean:
	rm -rf $(B)
distclean:
	rm -rf build
help:
	@sed -n 's/^#  /  /p' Makefile

.PHONY: check format debug bench
check: $(GENERATED) $(LIBC) $(DTC_SOURCE)/.stamp
	@python3 tools/check.py --arch $(ARCH) $(if $(CHECK),--only $(CHECK))
format:
	git ls-files '*.c' '*.h' | xargs clang-format -i
debug: image
	@tools/debug.sh $(ARCH) $(RUN)
bench: image $(DEBIAN)/.stamp
	@python3 tests/bench/run.py --arch $(ARCH) $(BENCH)
