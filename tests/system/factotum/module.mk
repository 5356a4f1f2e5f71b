# SPDX-License-Identifier: MIT
$(call test_program,factotum_test,main.c child.c process.c family.c memory.c \
	object.c thread.c signal.c broker.c hostile.c info.c supply.c \
	trace.c wish.c image.c snapshot.c \
	schedule.c timed.c arch/$(ARCH)/window.S,glenda)
$(call system_test,factotum,factotum_test=factotum_test \
	init.toml=$(HERE)/init.toml run.toml=$(HERE)/run.toml)
FACTOTUM_COMMA := ,
# Under -icount only: cases assert times.
$(call suite,factotum_timed,python3 tools/system.py --arch $(ARCH) \
	--qemu "-icount shift=0$(FACTOTUM_COMMA)sleep=off" \
	factotum_test=$(B)/programs/factotum_test \
	init.toml=$(HERE)/timed.toml run.toml=$(HERE)/timed_run.toml,\
	$(B)/programs/factotum_test $(KERNEL_IMAGE) $(BOOT))
ifeq ($(ARCH),x86_64)
# The same on the machine with firmware tables, in 64 MiB.
$(call suite,factotum_q35,python3 tools/system.py --arch $(ARCH) \
	--machine q35 --mem 64M factotum_test=$(B)/programs/factotum_test \
	init.toml=$(HERE)/init.toml run.toml=$(HERE)/run.toml,\
	$(B)/programs/factotum_test $(KERNEL_IMAGE) $(BOOT))
endif
