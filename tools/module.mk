# SPDX-License-Identifier: MIT
$(call suite,tools,python3 $(HERE)/test/tools_test.py,$(DEBIAN)/.stamp)
