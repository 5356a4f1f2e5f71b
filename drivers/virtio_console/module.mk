# SPDX-License-Identifier: MIT

$(call program,virtio_console,main.c device.c,driver)
