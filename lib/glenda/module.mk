# SPDX-License-Identifier: MIT

GLENDA_PROTOCOLS := $(basename $(notdir $(wildcard proto/*.toml)))

$(call library,glenda,abort.c dispatch.c exit.c heap.c ipc.c lease.c log.c \
	mutex.c output.c server.c slots.c start.c stdio.c thread.c \
	arch/$(ARCH)/crt0.S $(GEN)/src/status.c \
	$(GLENDA_PROTOCOLS:%=$(GEN)/src/%_dispatch.c),ring rt)
lib.glenda.includes := -Ilib/glenda/arch/$(ARCH)/include
