# SPDX-License-Identifier: MIT

$(call program,9ball,archive.c bringup.c calendar.c cmos.c config.c devices.c grant.c \
	guardian.c image.c life.c log.c main.c own.c power.c report.c rescue.c \
	runtime.c serial.c service.c start_page.c tree.c arch/$(ARCH)/image.c \
	arch/$(ARCH)/machine.c,\
	glenda elf cpio toml ring logbuf fdt)
program.9ball.cflags := -Ikernel/include
$(call boot_file,init.toml,$(HERE)/init.toml)
$(call unit_test,9ball_config,test/config_test.c config.c,toml)
$(call unit_test,9ball_life,test/life_test.c life.c,)
$(call unit_test,9ball_tree,test/tree_test.c tree.c,fdt)
$(call unit_test,9ball_machine,test/machine_test.c arch/x86_64/machine.c \
	cmos.c tree.c,fdt)
$(call unit_test,9ball_image,test/image_test.c image.c,elf)
$(call unit_test,9ball_start,test/start_test.c start_page.c,)
unit.9ball_tree.cflags := -Ilib/glenda/include
unit.9ball_machine.cflags := -Ilib/glenda/test/include -Ilib/glenda/include
unit.9ball_start.cflags := -Ilib/glenda/include
unit.9ball_image.cflags := -Ilib/glenda/test/include -Ilib/glenda/include \
	-Ikernel/include
