# SPDX-License-Identifier: MIT
# Empty and odd arguments arrive as they are.
$TESTS/bin/arguments '' 'a b' '' "$(printf 'tab\there')" '*' -- 'é' ''
$TESTS/bin/arguments
