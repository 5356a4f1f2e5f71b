# SPDX-License-Identifier: MIT
$(call test_program,factotum_test,main.c child.c process.c family.c memory.c \
	object.c thread.c signal.c broker.c hostile.c info.c supply.c \
	trace.c wish.c image.c snapshot.c \
	schedule.c arch/$(ARCH)/window.S,glenda)
$(call system_test,factotum,factotum_test=factotum_test \
	init.toml=$(HERE)/init.toml run.toml=$(HERE)/run.toml)
