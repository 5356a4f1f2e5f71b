# SPDX-License-Identifier: MIT
# The benchmark of Linux programs on both systems: README.md.
.PHONY: bench
bench: image $(DEBIAN)/.stamp
	$(Q)python3 tests/bench/run.py --arch $(ARCH)
