# SPDX-License-Identifier: MIT
#
# Code of others that is built here from Debian's sources (tools/pins.toml):
# picolibc for everything native, libfdt for the kernel, drivers and tests.

FETCH := tools/fetch.py
PINS := tools/pins.toml
PICOLIBC_SOURCE := build/src/picolibc
DTC_SOURCE := build/src/dtc

build/src/%/.stamp: $(PINS) $(FETCH) | $(SETUP)
	$(Q)python3 $(FETCH) --unpack build/src/$* $*
	$(Q)touch $@

$(LIBC): build/src/picolibc/.stamp tools/picolibc.sh mk/arch/$(ARCH).mk
	$(call say,MESON,$(PICOLIBC))
	$(Q)tools/picolibc.sh $(ARCH) $(CC) $(AR) "$(ARCH_FLAGS) $(ARCH_MODEL)" \
		$(PICOLIBC_SOURCE) $(PICOLIBC)
	$(Q)touch $@

# libfdt, as library `fdt`: the same files for the target and the host.
FDT_FILES := fdt fdt_ro fdt_wip fdt_sw fdt_rw fdt_strerror fdt_empty_tree \
	fdt_addresses fdt_overlay fdt_check
LIBRARIES += fdt
lib.fdt.dir := $(DTC_SOURCE)/libfdt
lib.fdt.sources := $(FDT_FILES:%=$(DTC_SOURCE)/libfdt/%.c)
lib.fdt.libs :=
lib.fdt.includes := -isystem $(DTC_SOURCE)/libfdt
lib.fdt.cflags := -Wno-error -w
$(lib.fdt.sources): | $(DTC_SOURCE)/.stamp ;
BEFORE_HOST += $(DTC_SOURCE)/.stamp
BEFORE_TARGET += $(DTC_SOURCE)/.stamp

# Debian's own programs for the target: what runs on Glenda unchanged, and the
# Linux kernel that it is compared with.
DEBIAN := $(B)/debian
$(DEBIAN)/.stamp: $(PINS) $(FETCH) | $(SETUP)
	$(Q)python3 $(FETCH) --unpack $(DEBIAN) busybox-$(ARCH) bash-$(ARCH) \
		linux-$(ARCH):./boot
	$(Q)touch $@
$(DEBIAN)/usr/bin/busybox $(DEBIAN)/usr/bin/bash-static: $(DEBIAN)/.stamp ;
BOOT_FILES += bin/busybox=$(DEBIAN)/usr/bin/busybox \
	bin/bash=$(DEBIAN)/usr/bin/bash-static bin/sh@busybox

# Debian's dynamic programs as they are, a folder that can be a guest's root.
DYNAMIC := $(B)/dynamic
DYNAMIC_PACKAGES.x86_64 := bash-dynamic coreutils grep sed mawk gawk tar gzip \
	xz-utils bc sqlite3 lua perl-base python3-minimal python-program \
	python-minimal python-stdlib tcc libc6 libc-bin libc6-dev \
	linux-libc-dev libtinfo6 libacl1 libattr1 libgmp10 libselinux1 \
	libpcre2-8-0 libmpfr6 libreadline8 libsigsegv2 liblzma5 libsqlite3-0 \
	zlib1g libcrypt1 libexpat1
$(DYNAMIC)/.stamp: $(PINS) $(FETCH) | $(SETUP)
	$(Q)python3 $(FETCH) --unpack $(DYNAMIC) \
		$(DYNAMIC_PACKAGES.$(ARCH):%=%-$(ARCH))
	$(Q)mkdir -p $(DYNAMIC)/tmp $(DYNAMIC)/root
	$(Q)ln -sf bash $(DYNAMIC)/usr/bin/sh && ln -sf mawk $(DYNAMIC)/usr/bin/awk
	$(Q)echo root:x:0:0:root:/root:/bin/bash >$(DYNAMIC)/etc/passwd
	$(Q)printf '%s\n' root:x:0: daemon:x:1: >$(DYNAMIC)/etc/group
	$(Q)touch $@
