# SPDX-License-Identifier: MIT
$(call library,driver,driver.c,glenda ring)
