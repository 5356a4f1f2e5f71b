# SPDX-License-Identifier: MIT
$(call fuzzer,elf,elf_fuzz.c,elf)
$(call fuzzer,cpio,cpio_fuzz.c,cpio)
$(call fuzzer,toml,toml_fuzz.c,toml)
