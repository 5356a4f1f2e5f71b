# SPDX-License-Identifier: MIT
$(call suite,tools,python3 $(HERE)/test/tools_test.py,$(DEBIAN)/.stamp)
$(call suite,run,python3 $(HERE)/test/run_test.py,$(B)/boot.cpio)
$(call suite,packing,python3 $(HERE)/test/packing_test.py,)
