# SPDX-License-Identifier: MIT

# Everything but the real system and the loop, which unit tests replace.
GOPHER_CORE := archive.c call.c channel.c counter.c descriptor.c device.c \
	dispatch.c epoll.c file.c groups.c io.c lock.c mount.c node.c op_attribute.c \
	op_io.c op_name.c op_open.c op_poll.c op_session.c page_tree.c pages.c path.c \
	pipe.c proc.c proc_text.c quota.c random.c session.c snapshot.c \
	terminal.c timeout.c tmpfs.c tmpfs_file.c tmpfs_folder.c tty.c

$(call program,gopher,$(GOPHER_CORE) main.c system.c,glenda ring cpio)

$(call unit_test,gopher,$(GOPHER_CORE) test/main_test.c test/double.c \
	test/names_test.c test/tmpfs_test.c test/pipe_test.c \
	test/session_test.c test/tty_test.c test/terminal_test.c \
	test/wait_test.c test/quota_test.c test/harm_test.c,ring cpio)
unit.gopher.cflags := -Ilib/glenda/include
