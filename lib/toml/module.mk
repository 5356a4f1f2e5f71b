# SPDX-License-Identifier: MIT
$(call library,toml,toml.c toml_scalar.c toml_text.c toml_tree.c toml_value.c,)
$(call unit_test,toml,test/toml_test.c,toml)

# The other half of compare.py: a host program, not a unit test.
TOML_JSON := $(B)/host/toml_json
$(TOML_JSON): $(HERE)/test/toml_json.c $(B)/host/lib/libtoml.a
	$(call say,HOSTLD,$@)
	$(Q)$(HOST_CC) $(HOST_FLAGS) -I$(dir $<)../include $^ -o $@
$(call suite,toml_compare,python3 $(HERE)/test/compare.py $(TOML_JSON),$(TOML_JSON))
