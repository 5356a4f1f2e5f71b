# SPDX-License-Identifier: MIT
$(call suite,docs,python3 tools/linux_calls.py --check,)
