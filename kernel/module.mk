# SPDX-License-Identifier: MIT
$(call kernel_sources,asid.c boot_memory.c boot_root.c cap.c cnode.c console.c \
	endpoint.c fault.c frame.c interrupt.c invoke.c io_port.c main.c message.c \
	notification.c object.c page_info.c panic.c power.c \
	reply.c sched.c slot.c sweep.c syscall.c table.c thread.c \
	thread_methods.c timer.c trap.c untyped.c usermem.c vspace.c \
	vspace_map.c)
kernel.libs := cpio elf fdt rt

# The portable core under test on the host: kernel/test/README.md.
$(call unit_test,kernel,asid.c boot_memory.c cap.c cnode.c frame.c invoke.c object.c \
	page_info.c slot.c sweep.c table.c untyped.c usermem.c vspace.c \
	vspace_map.c test/main.c test/host.c test/audit.c test/slot_test.c \
	test/cspace_test.c test/untyped_test.c test/vspace_test.c \
	test/large_test.c test/frame_test.c test/boot_test.c \
	test/random_test.c,)
unit.kernel.cflags := -Ikernel/test/include -Ikernel/test \
	-Ikernel/arch/$(ARCH)/include

# The scheduler with a clock that the test moves; the trap context.
$(call unit_test,kernel_sched,sched.c test/sched_test.c,)
unit.kernel_sched.cflags := $(unit.kernel.cflags)
ifneq ($(wildcard kernel/test/arch/$(ARCH)/trap_test.c),)
$(call unit_test,kernel_trap,arch/$(ARCH)/context.c \
	test/arch/$(ARCH)/trap_test.c,)
unit.kernel_trap.cflags := $(unit.kernel.cflags)
endif
