# SPDX-License-Identifier: MIT

$(call program,tux,identity.c main.c rules.c,glenda)
$(call unit_test,tux,test/rules_test.c rules.c identity.c,)
