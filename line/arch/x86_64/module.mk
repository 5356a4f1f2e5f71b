# SPDX-License-Identifier: MIT

$(call line_sources,entry.S table.c call_arch.c call_old.c registers.c frame.c \
	fp.c)
line.cflags += -include arch/hidden.h -Wa,-I$(B)/line

# The vDSO is a shared object by itself, and bytes to the shim.
VDSO := $(B)/line/vdso.so
VDSO_FOLDER := $(HERE)/vdso
$(B)/line/vdso.o: $(VDSO_FOLDER)/vdso.c $(MAKEFILE_LIST) | $(BEFORE_TARGET)
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(PIC_FLAGS) -Iline/arch/$(ARCH)/include -Iline \
		-Ilib/glenda/include -Ilib/glenda/arch/$(ARCH)/include \
		-MMD -MP -c $< -o $@
$(VDSO): $(B)/line/vdso.o $(VDSO_FOLDER)/vdso.ld
	$(call say,LD,$@)
	$(Q)$(CC) $(ARCH_FLAGS) -shared -nostdlib -Wl,--build-id=none \
		-Wl,-z,max-page-size=4096 -Wl,-z,noexecstack -Wl,-z,norelro \
		-Wl,--hash-style=both -Wl,-soname,linux-vdso.so.1 -Wl,--no-undefined \
		-Wl,-T,$(VDSO_FOLDER)/vdso.ld $< -o $@
	$(Q)$(OBJCOPY) --strip-debug $@
$(B)/line/obj/line/arch/$(ARCH)/entry.o: $(VDSO)
-include $(B)/line/vdso.d
