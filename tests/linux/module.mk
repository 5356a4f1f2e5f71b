# SPDX-License-Identifier: MIT
# Unmodified Linux programs on Debian's Linux and on Glenda: README.md.
$(call suite,linux,python3 tests/linux/run.py --arch $(ARCH),$(DEBIAN)/.stamp)
$(call suite,terminal,python3 tests/linux/terminal.py --arch $(ARCH),$(DEBIAN)/.stamp)
$(call suite,busybox,python3 tests/linux/busybox.py --arch $(ARCH),$(DEBIAN)/.stamp)
$(if $(DYNAMIC_PACKAGES.$(ARCH)),$(call suite,dynamic,python3 \
	tests/linux/dynamic.py --arch $(ARCH),$(DYNAMIC)/.stamp $(DEBIAN)/.stamp))
