# SPDX-License-Identifier: MIT

$(call line_sources,dispatch.c crash.c kit.c call_process.c call_futex.c call_signal.c \
	exec.c signal.c start.c memory.c call_file.c call_splice.c \
	call_descriptor.c call_path.c call_stat.c call_attribute.c call_poll.c call_memory.c \
	call_time.c call_identity.c call_schedule.c call_misc.c strace.c)
# The stubs' common part, built for the shim: it finds its UTCB another way.
line.sources += lib/glenda/ipc.c
line.libs := elf
line.cflags += -Ilib/glenda/include -Ilib/glenda/arch/$(ARCH)/include
