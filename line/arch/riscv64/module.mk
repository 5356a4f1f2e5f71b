# SPDX-License-Identifier: MIT

$(call line_sources,entry.S table.c call_arch.c frame.c)
