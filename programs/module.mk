# SPDX-License-Identifier: MIT

$(call program,hello,hello.c,glenda)
$(call program,echo_server,echo_server.c,glenda)
$(call program,power,power.c,glenda)
$(call program,ps,ps.c,glenda)
$(call program,svc,svc.c,glenda)
