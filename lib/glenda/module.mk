# SPDX-License-Identifier: MIT

GLENDA_PROTOCOLS := $(basename $(notdir $(wildcard proto/*.toml)))

GLENDA_GENERATED := $(GEN)/src/status.c \
	$(GLENDA_PROTOCOLS:%=$(GEN)/src/%_dispatch.c)
# Not to be removed as intermediate files.
.SECONDARY: $(GLENDA_GENERATED)

$(call library,glenda,abort.c dispatch.c exit.c heap.c ipc.c lease.c log.c \
	mutex.c output.c registers.c server.c slots.c start.c stdio.c thread.c \
	arch/$(ARCH)/crt0.S $(GLENDA_GENERATED),ring rt)
lib.glenda.includes := -Ilib/glenda/arch/$(ARCH)/include

# Generated stubs against generated dispatch, over a protocol made for it.
PROBE := $(B)/probe
PROBE_FILES := $(PROBE)/src/probe_dispatch.c \
	$(PROBE)/include/glenda/probe_client.h
$(call unit_test,glenda_dispatch,test/dispatch_test.c dispatch.c ipc.c \
	$(PROBE)/src/probe_dispatch.c,)
$(call unit_test,glenda_server,test/server_test.c dispatch.c server.c \
	slots.c $(PROBE)/src/probe_dispatch.c,)
unit.glenda_server.cflags = $(unit.glenda_dispatch.cflags)
unit.glenda_dispatch.cflags := -Ilib/glenda/test/include \
	-Ilib/glenda/include -I$(PROBE)/include
$(PROBE_FILES) &: lib/glenda/test/proto/probe.toml abi/kernel.toml \
		tools/generate.py $(wildcard tools/generator/*.py)
	$(Q)python3 tools/generate.py --proto lib/glenda/test/proto \
		--out $(PROBE)
$(B)/host/unit/glenda_dispatch/lib/glenda/test/dispatch_test.o \
$(B)/host/unit/glenda_server/lib/glenda/test/server_test.o: $(PROBE_FILES)
$(call suite,generate,python3 lib/glenda/test/generate_test.py,)
$(call suite,vectors,python3 tools/vectors.py $(CROSS)objdump $(B)/boot,)
