# SPDX-License-Identifier: MIT
$(call library,elf,elf.c elf_symbol.c,)
$(call unit_test,elf,test/elf_test.c,elf)
