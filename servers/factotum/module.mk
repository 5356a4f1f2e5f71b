# SPDX-License-Identifier: MIT

FACTOTUM_CORE := alarm.c area.c clone.c fault.c frames.c futex.c heap.c \
	ids.c kobjects.c memory.c object.c pages.c slots.c space.c
FACTOTUM_PROCESS := broker.c exec.c fork.c limits.c list.c notices.c process.c ps.c \
	signals.c supply.c thread.c wait.c
$(call program,factotum,$(FACTOTUM_CORE) $(FACTOTUM_PROCESS) archive.c \
	faults.c handle_broker.c handle_info.c handle_memory.c \
	handle_process.c handle_signal.c handle_supply.c handle_thread.c handlers.c load.c \
	main.c report.c trace.c who.c,glenda elf cpio)
program.factotum.cflags := -Iservers/factotum/arch/$(ARCH)

FACTOTUM_TEST := $(FACTOTUM_CORE) $(filter-out exec.c ps.c,$(FACTOTUM_PROCESS))
$(call unit_test,factotum,test/factotum_test.c test/process_test.c test/fake_kernel.c \
	$(FACTOTUM_TEST),)
unit.factotum.cflags := -Iservers/factotum/test/include -Ilib/glenda/include \
	-Ilib/glenda/arch/$(ARCH)/include -Iservers/factotum/arch/$(ARCH)
$(call suite,pcb,python3 servers/factotum/test/pcb.py,)
