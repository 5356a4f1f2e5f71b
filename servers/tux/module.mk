# SPDX-License-Identifier: MIT

$(call program,tux,main.c operations.c table.c identity.c group.c post.c \
	nice.c system.c,glenda)
$(call unit_test,tux,test/tux_test.c table.c identity.c group.c post.c nice.c,)
unit.tux.cflags := -Ilib/glenda/include
