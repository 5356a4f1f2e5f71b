# SPDX-License-Identifier: MIT

$(call program,uart16550,main.c,driver)
