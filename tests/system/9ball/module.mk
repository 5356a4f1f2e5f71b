# SPDX-License-Identifier: MIT
$(call test_program,9ball_test,main.c,glenda)
$(call test_program,9ball_victim,victim.c,glenda)
$(call test_program,9ball_fault,fault.c,glenda)
$(call system_test,9ball,9ball_test=9ball_test 9ball_victim=9ball_victim \
	init.toml=$(HERE)/init.toml run.toml=$(HERE)/run.toml)
$(call suite,9ball_ends,python3 tests/system/9ball/ends.py $(ARCH),\
	$(B)/programs/9ball_victim $(B)/programs/9ball_fault \
	$(B)/programs/kernel_test $(B)/kernel/glenda.image $(B)/boot.cpio)
$(call suite,9ball_driver,python3 tests/system/9ball/driver.py $(ARCH),\
	$(B)/programs/9ball_victim $(B)/kernel/glenda.image $(B)/boot.cpio)
$(call test_program,9ball_killer,killer.c,glenda)
$(call suite,9ball_kills,python3 tests/system/9ball/kills.py $(ARCH),\
	$(B)/programs/9ball_victim $(B)/programs/9ball_killer \
	$(B)/kernel/glenda.image $(B)/boot.cpio)
