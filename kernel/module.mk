# SPDX-License-Identifier: MIT
$(call kernel_sources,asid.c boot_memory.c boot_root.c cap.c cnode.c console.c \
	endpoint.c fault.c frame.c interrupt.c invoke.c main.c message.c \
	notification.c object.c page_info.c panic.c power.c \
	reply.c sched.c slot.c sweep.c syscall.c table.c thread.c \
	thread_methods.c timer.c trap.c untyped.c usermem.c vspace.c \
	vspace_map.c)
kernel.libs := cpio elf fdt rt
