# SPDX-License-Identifier: MIT
#
# Rules made from what the modules noted. Each kind of output compiles into a
# folder of its own, so that one source may serve several with other flags.

# Libraries that a list of libraries needs in the end, each once.
closure = $(sort $1 $(foreach l,$1,$(call closure,$(filter-out $1,$(lib.$l.libs)))))
lib_includes = $(foreach l,$(call closure,$1),-I$(lib.$l.dir)/include $(lib.$l.includes))
objects = $(patsubst %,$1/%.o,$(basename $2))
group = -Wl,--start-group $1 -Wl,--end-group

# compile(object folder,compiler,flags,prerequisites,own flags)
define compile
$1/%.o: %.c | $4
	$$(call say,CC,$$@)
	$$(Q)mkdir -p $$(@D)
	$$(Q)$2 $$($3) -I. $5 -MMD -MP -c $$< -o $$@
$1/%.o: %.S | $4
	$$(call say,AS,$$@)
	$$(Q)mkdir -p $$(@D)
	$$(Q)$2 $$($3) -D__ASSEMBLER__ -I. $5 -MMD -MP -c $$< -o $$@
endef
OBJECTS :=

# One archive per library and flavour: native (also the kernel's), pic, host.
# lib_flavour(name,flavour,compiler,archiver,flags,prerequisites)
define lib_flavour
$(call compile,$(B)/$2/lib/$1,$3,$5,$6,-I$(lib.$1.dir)/include \
	$(lib.$1.includes) -I$(lib.$1.dir) $(call lib_includes,$(lib.$1.libs)) \
	$(lib.$1.cflags))
OBJECTS += $(call objects,$(B)/$2/lib/$1,$(lib.$1.sources))
$(B)/$2/lib/lib$1.a: $(call objects,$(B)/$2/lib/$1,$(lib.$1.sources)) | $6
	$$(call say,AR,$$@)
	$$(Q)mkdir -p $$(@D) && rm -f $$@
	$$(Q)$4 rcs $$@ $$(filter %.o,$$^)
endef
archives = $(foreach l,$(call closure,$2),$(B)/$1/lib/lib$l.a)

$(foreach l,$(LIBRARIES), \
	$(eval $(call lib_flavour,$l,native,$(CC),$(AR),NATIVE_FLAGS,$(BEFORE_TARGET)))\
	$(eval $(call lib_flavour,$l,pic,$(CC),$(AR),PIC_FLAGS,$(BEFORE_TARGET)))\
	$(eval $(call lib_flavour,$l,host,$(HOST_CC),ar,HOST_FLAGS,$(BEFORE_HOST)))\
	$(eval $(call lib_flavour,$l,fuzz,$(FUZZ_CC),ar,FUZZ_FLAGS,$(BEFORE_HOST))))

# Native programs. lib/glenda brings the entry point; the C library comes last.
NATIVE_LD := $(wildcard lib/glenda/arch/$(ARCH)/native.ld lib/glenda/native.ld)
, := ,
NATIVE_LINK := $(if $(NATIVE_LD),-Wl$(,)-T$(,)$(firstword $(NATIVE_LD)),-Wl$(,)-Ttext-segment=0x200000)
define program_rules
$(call compile,$(B)/native/$1,$(CC),NATIVE_FLAGS,$(BEFORE_TARGET),\
	-I$(program.$1.dir)/include -I$(program.$1.dir) \
	$(call lib_includes,$(program.$1.libs)) $(program.$1.cflags))
OBJECTS += $(call objects,$(B)/native/$1,$(program.$1.sources))
$(B)/programs/$1: $(call objects,$(B)/native/$1,$(program.$1.sources)) \
		$(call archives,native,$(program.$1.libs) rt) $(NATIVE_LD) | $(LIBC)
	$$(call say,LD,$$@)
	$$(Q)mkdir -p $$(@D)
	$$(Q)$(CC) $(LINK_FLAGS) $(NATIVE_LINK) -Wl,-e,_start -Wl,-u,_start \
		-Wl,-Map,$$@.map $$(filter %.o,$$^) \
		$$(call group,$$(filter %.a,$$^) $(LIBC)) -o $$@
endef
$(foreach p,$(PROGRAMS) $(TEST_PROGRAMS),$(eval $(call program_rules,$p)))

# The kernel, linked until its own symbol table has settled (tools/ksyms.py).
KERNEL := $(B)/kernel/glenda.elf
KERNEL_IMAGE := $(B)/kernel/glenda.image
KERNEL_LD := kernel/arch/$(ARCH)/kernel.ld
KERNEL_OBJECTS := $(call objects,$(B)/kernel/obj,$(kernel.sources))
KERNEL_LIBS := $(call archives,native,$(kernel.libs) rt)
OBJECTS += $(KERNEL_OBJECTS)
$(eval $(call compile,$(B)/kernel/obj,$(CC),KERNEL_FLAGS,$(BEFORE_TARGET),\
	-Ikernel/include -Ikernel/arch/$(ARCH)/include -Ikernel \
	$(call lib_includes,$(kernel.libs)) $$(kernel.cflags)))
kernel_link = $(CC) $(LINK_FLAGS) -Wl,-T,$(KERNEL_LD) \
	-Wl,-Map,$(B)/kernel/glenda.map $(KERNEL_OBJECTS) $1.o \
	$(call group,$(KERNEL_LIBS) $(LIBC)) -o $2
ksyms = python3 tools/ksyms.py $1 $(B)/kernel/$2.S && \
	$(CC) $(ARCH_FLAGS) -c $(B)/kernel/$2.S -o $(B)/kernel/$2.o
$(KERNEL): $(KERNEL_OBJECTS) $(KERNEL_LIBS) $(KERNEL_LD) tools/ksyms.py | $(LIBC)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(call ksyms,--empty,ksyms0)
	$(Q)$(call kernel_link,$(B)/kernel/ksyms0,$(B)/kernel/pass1.elf)
	$(Q)$(call ksyms,--elf $(B)/kernel/pass1.elf --nm $(NM),ksyms1)
	$(Q)$(call kernel_link,$(B)/kernel/ksyms1,$(B)/kernel/pass2.elf)
	$(Q)$(call ksyms,--elf $(B)/kernel/pass2.elf --nm $(NM),ksyms2)
	$(Q)$(call kernel_link,$(B)/kernel/ksyms2,$(B)/kernel/pass3.elf)
	$(Q)python3 tools/ksyms.py --elf $(B)/kernel/pass3.elf --nm $(NM) \
		$(B)/kernel/ksyms3.S
	$(Q)cmp $(B)/kernel/ksyms2.S $(B)/kernel/ksyms3.S
	$(Q)mv $(B)/kernel/pass3.elf $@
$(KERNEL_IMAGE): $(KERNEL)
	$(Q)$(OBJCOPY) $(KERNEL_COPY) $< $@

# The LINE shim: one image at a fixed address, without a C library.
LINE := $(B)/line/line.elf
LINE_IMAGE := $(B)/line/line.image
LINE_LD := $(firstword $(wildcard line/arch/$(ARCH)/line.ld line/line.ld))
LINE_OBJECTS := $(call objects,$(B)/line/obj,$(line.sources))
OBJECTS += $(LINE_OBJECTS)
$(eval $(call compile,$(B)/line/obj,$(CC),PIC_FLAGS,$(BEFORE_TARGET),\
	-Iline/include -Iline/arch/$(ARCH)/include -Iline \
	$(call lib_includes,$(line.libs)) $$(line.cflags)))
$(LINE): $(LINE_OBJECTS) $(call archives,pic,$(line.libs) rt) $(LINE_LD)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(LINK_FLAGS) -Wl,-Map,$(B)/line/line.map \
		-Wl,-T,$(LINE_LD) $(LINE_OBJECTS) \
		$(call group,$(filter %.a,$^)) -o $@
$(LINE_IMAGE): $(LINE)
	$(Q)$(OBJCOPY) -O binary $< $@

# Host unit tests under the sanitizers, with cmocka.
define unit_rules
$(call compile,$(B)/host/unit/$1,$(HOST_CC),HOST_FLAGS,$(BEFORE_HOST),\
	$(unit.$1.cflags) -I$(unit.$1.dir)/include -I$(unit.$1.dir) \
	$(call lib_includes,$(unit.$1.libs)))
OBJECTS += $(call objects,$(B)/host/unit/$1,$(unit.$1.sources))
$(B)/unit/$1: $(call objects,$(B)/host/unit/$1,$(unit.$1.sources)) \
		$(call archives,host,$(unit.$1.libs))
	$$(call say,LD,$$@)
	$$(Q)mkdir -p $$(@D)
	$$(Q)$(HOST_CC) $(SANITIZE) $$(filter %.o,$$^) \
		$$(call group,$$(filter %.a,$$^)) -lcmocka $(unit.$1.ldflags) -o $$@
endef
$(foreach u,$(UNITS),$(eval $(call unit_rules,$u)))
UNIT_BINARIES := $(UNITS:%=$(B)/unit/%)

# Fuzzers: libFuzzer over host builds of the parsers.
define fuzz_rules
$(call compile,$(B)/fuzz/obj/$1,$(FUZZ_CC),FUZZ_FLAGS,$(BEFORE_HOST),\
	$(fuzz.$1.cflags) -I$(fuzz.$1.dir) $(call lib_includes,$(fuzz.$1.libs)))
OBJECTS += $(call objects,$(B)/fuzz/obj/$1,$(fuzz.$1.sources))
$(B)/fuzz/$1: $(call objects,$(B)/fuzz/obj/$1,$(fuzz.$1.sources)) \
		$(call archives,fuzz,$(fuzz.$1.libs))
	$$(call say,LD,$$@)
	$$(Q)mkdir -p $$(@D)
	$$(Q)$(FUZZ_CC) -fsanitize=fuzzer,address,undefined $$(filter %.o,$$^) \
		$$(call group,$$(filter %.a,$$^)) -o $$@
endef
$(foreach f,$(FUZZERS),$(eval $(call fuzz_rules,$f)))
FUZZ_BINARIES := $(FUZZERS:%=$(B)/fuzz/%)

# Static Linux programs: the same file runs on Linux and on Glenda.
LINUX_FLAGS := -std=gnu17 -g -O2 -Wall -Wextra -Werror -static -pthread
define linux_rules
$(B)/linux/$1: $(linux.$1.sources) | $(SETUP)
	$$(call say,LINUX,$$@)
	$$(Q)mkdir -p $$(@D)
	$$(Q)$(CC) $(LINUX_FLAGS) $(linux.$1.cflags) $$(filter %.c %.S,$$^) -o $$@
endef
$(foreach p,$(LINUX_PROGRAMS),$(eval $(call linux_rules,$p)))
LINUX_BINARIES := $(LINUX_PROGRAMS:%=$(B)/linux/%)

# The boot archive: every program under its name, and what modules add.
BOOT := $(B)/boot.cpio
# They keep their symbols, for backtraces, but not what only a debugger reads.
BOOT_LIST := $(foreach p,$(PROGRAMS),$p=$(B)/boot/$p) \
	$(if $(line.sources),line=$(B)/boot/line) $(BOOT_FILES)
BOOT_SOURCES := $(foreach f,$(BOOT_LIST),$(if $(findstring @,$f),, \
	$(lastword $(subst =, ,$f))))
$(B)/boot/%: $(B)/programs/%
	$(Q)mkdir -p $(@D) && $(OBJCOPY) --strip-debug $< $@
$(B)/boot/line: $(LINE)
	$(Q)mkdir -p $(@D) && $(OBJCOPY) --strip-debug $< $@
$(BOOT): $(BOOT_SOURCES) tools/mkimage.py $(MODULES)
	$(call say,CPIO,$@)
	$(Q)mkdir -p $(@D)
	$(Q)python3 tools/mkimage.py -o $@ $(BOOT_LIST)

# Suites, as tools/test.py reads them: kind, name, command, and `host` when it
# is the same for every architecture: it says nothing of $(B) or arch folders.
# A suite whose files cannot be built fails there, and the others run.
SUITE_LIST := $(B)/suites.tsv
suite_line = printf '%s\t%s\t%s\t%s\n' '$1' '$2' '$3' '$4' >>$(SUITE_LIST)
host_unless = $(if $(findstring $1,$2),,host)
unit_all = $(unit.$1.sources) $(unit.$1.cflags) \
	$(foreach l,$(call closure,$(unit.$1.libs)),$(lib.$l.sources) \
	$(lib.$l.includes) $(lib.$l.cflags))
unit_where = $(call host_unless,arch/,$(call unit_all,$1))
suite_where = $(call host_unless,$(ARCH),$(suite.$1.command) $(suite.$1.needs))
# With HOST_TESTS=no only those that depend on the architecture: another one's
# run has had the rest.
HOST_TESTS ?= yes
own = $(if $(filter no,$(HOST_TESTS)),$(foreach t,$2,$(if $(call $1,$t),,$t)),$2)
UNITS_WANTED = $(call own,unit_where,$(UNITS))
SUITES_WANTED = $(call own,suite_where,$(SUITES))
FUZZERS_WANTED = $(if $(filter no,$(HOST_TESTS)),,$(FUZZERS))
system_command = python3 tools/system.py --arch $(ARCH) \
	--log $(B)/log/system-$1.console $(system.$1.entries)
TEST_NEEDS = $(KERNEL_IMAGE) $(BOOT) $(UNITS_WANTED:%=$(B)/unit/%) \
	$(FUZZERS_WANTED:%=$(B)/fuzz/%) $(LINUX_BINARIES) \
	$(foreach s,$(SUITES_WANTED),$(suite.$s.needs)) \
	$(foreach s,$(SYSTEM_TESTS),$(foreach e,$(system.$s.entries), \
	$(lastword $(subst =, ,$e)))) $(DEBIAN)/.stamp
define write_suites
	@mkdir -p $(B) && : >$(SUITE_LIST)
	$(foreach u,$(UNITS_WANTED),@$(call suite_line,unit,$u,$(B)/unit/$u,$(call unit_where,$u))
	)
	$(foreach s,$(SUITES_WANTED),@$(call suite_line,suite,$s,$(suite.$s.command),$(call suite_where,$s))
	)
	$(foreach f,$(FUZZERS_WANTED),@$(call suite_line,fuzz,$f,$(B)/fuzz/$f,host)
	)
	$(foreach s,$(SYSTEM_TESTS),@$(call suite_line,system,$s,$(call system_command,$s),)
	)
endef

# Interfaces as data: headers, stubs and dispatch out of abi/ and proto/.
$(GENERATED): $(wildcard abi/*.toml proto/*.toml tools/gen*.py tools/gen*/*.py)
	$(call say,GEN,$(GEN))
	$(Q)mkdir -p $(GEN)/include
	$(Q)test ! -f tools/generate.py || python3 tools/generate.py --out $(GEN)
	$(Q)touch $@
# With a recipe, so that make looks again at what the generator has written.
$(GEN)/%.h $(GEN)/%.c: $(GENERATED)
	@:

$(SETUP): tools/setup.sh
	$(Q)tools/setup.sh $(ARCH)
	$(Q)mkdir -p $(@D) && touch $@

-include $(OBJECTS:.o=.d)
