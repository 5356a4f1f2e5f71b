# SPDX-License-Identifier: MIT
$(call test_program,kernel_test,harness.c boot.c caps.c memory.c ipc.c \
	threads.c traps.c lease.c faults.c redirect.c sched.c fuzz.c figures.c \
	arch/$(ARCH)/check.S arch/$(ARCH)/shim.S arch/$(ARCH)/fp.S \
	arch/$(ARCH)/ports.c arch/$(ARCH)/registers.c,glenda)
program.kernel_test.cflags := -Ikernel/include \
	-Itests/system/kernel/arch/$(ARCH)
# Under -icount only: cases count time and instructions.
$(call suite,kernel,python3 tests/system/kernel/run.py $(B),\
	$(B)/programs/kernel_test $(B)/kernel/glenda.image)
$(call suite,kernel_mappings,python3 tests/system/kernel/mappings.py $(B),\
	$(B)/programs/kernel_test $(B)/kernel/glenda.image)
# What only the gdb stub can see, where somebody has written it down.
ifneq ($(wildcard tests/system/kernel/arch/$(ARCH)/inside.py),)
$(call suite,kernel_inside,python3 tests/system/kernel/arch/$(ARCH)/inside.py \
	$(B),$(B)/programs/kernel_test $(B)/kernel/glenda.image)
endif
