# SPDX-License-Identifier: MIT

GLENDA_PROTOCOLS := $(basename $(notdir $(wildcard proto/*.toml)))

$(call library,glenda,abort.c dispatch.c exit.c heap.c ipc.c lease.c log.c \
	mutex.c output.c server.c slots.c start.c stdio.c thread.c \
	arch/$(ARCH)/crt0.S $(GEN)/src/status.c \
	$(GLENDA_PROTOCOLS:%=$(GEN)/src/%_dispatch.c),ring rt)
lib.glenda.includes := -Ilib/glenda/arch/$(ARCH)/include

# Generated stubs against generated dispatch, over a protocol made for it.
PROBE := $(B)/probe
PROBE_FILES := $(PROBE)/src/probe_dispatch.c \
	$(PROBE)/include/glenda/probe_client.h
$(call unit_test,glenda_dispatch,test/dispatch_test.c dispatch.c ipc.c \
	$(PROBE)/src/probe_dispatch.c,)
unit.glenda_dispatch.cflags := -Ilib/glenda/test/include \
	-Ilib/glenda/include -I$(PROBE)/include
$(PROBE_FILES) &: lib/glenda/test/proto/probe.toml abi/kernel.toml \
		tools/generate.py $(wildcard tools/generator/*.py)
	$(Q)python3 tools/generate.py --proto lib/glenda/test/proto \
		--out $(PROBE)
$(B)/host/unit/glenda_dispatch/lib/glenda/test/dispatch_test.o: \
	$(PROBE_FILES)
