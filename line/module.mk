# SPDX-License-Identifier: MIT

$(call line_sources,dispatch.c crash.c call_process.c call_signal.c exec.c \
	signal.c start.c memory.c call_file.c call_memory.c call_time.c \
	call_identity.c call_misc.c call_poll.c strace.c)
line.libs := elf
line.cflags += -Ilib/glenda/include
