# SPDX-License-Identifier: MIT
# Programs that do harm, and neighbours that must not notice: README.md.
$(call linux_program,fault_rounds,rounds.c)
$(call linux_program,fault_tiny,tiny.c)
$(call linux_program,fault_hog,hog.c)
$(call linux_program,fault_starve,starve.c)
$(call linux_program,fault_zero,zero.c)
$(call linux_program,fault_hostile,hostile.c arch/$(ARCH)/jump.S)
linux.fault_hostile.cflags := -Itests/fault/arch/$(ARCH)
$(call suite,fault,python3 tests/fault/run.py --arch $(ARCH),\
	$(foreach p,rounds tiny hog starve zero hostile,$(B)/linux/fault_$(p)) \
	$(B)/boot.cpio $(DEBIAN)/.stamp)
