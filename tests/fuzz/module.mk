# SPDX-License-Identifier: MIT
$(call fuzzer,elf,elf_fuzz.c,elf)
$(call fuzzer,cpio,cpio_fuzz.c,cpio)
$(call fuzzer,toml,toml_fuzz.c,toml)
$(call fuzzer,config,config_fuzz.c ../../servers/9ball/config.c \
	../../servers/9ball/life.c,toml)
fuzz.config.cflags := -Iservers/9ball
$(call fuzzer,fdt,fdt_fuzz.c ../../servers/9ball/tree.c,fdt)
fuzz.fdt.cflags := -Iservers/9ball -Ilib/glenda/include
$(call fuzzer,gopher,gopher_fuzz.c ../../servers/gopher/test/double.c \
	$(GOPHER_CORE:%=../../servers/gopher/%),ring cpio)
fuzz.gopher.cflags := -Iservers/gopher -Ilib/glenda/include
