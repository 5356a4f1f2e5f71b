# SPDX-License-Identifier: MIT
$(call suite,machines,python3 tests/system/machines/boots.py $(ARCH),\
	$(KERNEL_IMAGE) $(B)/boot.cpio)
