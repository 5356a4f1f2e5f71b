# SPDX-License-Identifier: MIT
# od, hexdump, xxd, base64, strings: bytes shown and restored.
printf 'Hello\0\377\n' >f
od f; od -c f; od -An -tx1 f; hexdump -C f; xxd f; xxd -p f | xxd -r -p | cmp - f
base64 f; base64 f | base64 -d | cmp - f; printf 'ab\0visible\1cd' | strings
