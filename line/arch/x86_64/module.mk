# SPDX-License-Identifier: MIT

$(call line_sources,entry.S access.S vdso.S table.c call_arch.c call_old.c registers.c frame.c \
	fp.c)
line.cflags += -include arch/hidden.h -Wa,-I$(B)/line

# The vDSO is a shared object by itself, and bytes to the shim.
VDSO := $(B)/line/vdso.so
VDSO_FOLDER := $(HERE)/vdso
$(B)/line/vdso.o: $(VDSO_FOLDER)/vdso.c | $(BEFORE_TARGET)
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
$(B)/line/obj/line/arch/$(ARCH)/vdso.o: $(VDSO)

# The host's own kernel takes our signal frames, and we take its.
ifeq ($(shell uname -m),$(ARCH))
$(call unit_test,line_frame,test/frame_test.c test/return.S frame.c fp.c \
	access.S,)
unit.line_frame.cflags := -Iline/arch/x86_64/include -iquote line \
	-Ilib/glenda/include -Ilib/glenda/arch/x86_64/include
$(call unit_test,line_vdso,test/vdso_test.c,)
unit.line_vdso.cflags := $(unit.line_frame.cflags) -DVDSO=\"$(VDSO)\"
$(B)/unit/line_vdso: $(VDSO)
endif
-include $(B)/line/vdso.d
