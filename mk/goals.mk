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
	@$(foreach a,$(EACH_ARCH),tools/setup.sh $a &&) true
run: image
	@./glenda run --arch $(ARCH) -v $(RUN)

# TEST=name runs what has that in its name; FUZZ_SECONDS is per fuzzer. Tests
# of the host alone run with the first architecture only.
FUZZ_SECONDS ?= 60
comma := ,
LIST_ARCHES := $(subst $(eval ) ,$(comma),$(EACH_ARCH))
each = $(foreach a,$(EACH_ARCH),$(MAKE) --no-print-directory ARCH=$a \
	HOST_TESTS=$(if $(filter $a,$(firstword $(EACH_ARCH))),yes,no) $1;)
.PHONY: test test-build suites fuzz
test-build: $(TEST_NEEDS)
suites:
	$(call write_suites)
test: | $(SETUP)
	+-@$(call each,-k test-build)
	+@$(call each,suites)
	@python3 tools/test.py --arch $(LIST_ARCHES) \
		--fuzz-seconds $(FUZZ_SECONDS) $(if $(TEST),--only '$(TEST)')
fuzz: | $(SETUP)
	-@$(MAKE) --no-print-directory -k fuzzers
	$(call write_suites)
	@python3 tools/test.py --arch $(ARCH) --kind fuzz --seed 0 --no-rows \
		--fuzz-seconds $(if $(filter 60,$(FUZZ_SECONDS)),600,$(FUZZ_SECONDS))

clean:
	rm -rf $(EACH_ARCH:%=build/%)
distclean:
	rm -rf build
help:
	@sed -n 's/^#  /  /p' Makefile

.PHONY: check check-build format debug bench
check-build: $(GENERATED) $(LIBC) $(DTC_SOURCE)/.stamp
check:
	+@$(call each,check-build)
	@python3 tools/check.py --arch $(LIST_ARCHES) \
		$(if $(CHECK),--only $(CHECK))
format:
	git ls-files '*.c' '*.h' | xargs clang-format -i
debug: image
	@tools/debug.sh $(ARCH) $(RUN)
bench: image $(DEBIAN)/.stamp
	@python3 tests/bench/run.py --arch $(ARCH) $(BENCH)
