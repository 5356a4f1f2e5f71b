# SPDX-License-Identifier: MIT

$(call program,9ball,archive.c bringup.c calendar.c config.c devices.c grant.c \
	guardian.c image.c life.c log.c main.c own.c power.c report.c rescue.c \
	runtime.c serial.c service.c start_page.c arch/$(ARCH)/image.c,glenda elf cpio toml ring logbuf fdt)
program.9ball.cflags := -Ikernel/include
$(call boot_file,init.toml,$(HERE)/init.toml)
