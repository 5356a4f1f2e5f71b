# SPDX-License-Identifier: MIT
$(call library,logbuf,logbuf.c,)
$(call unit_test,logbuf,test/logbuf_test.c,logbuf)
