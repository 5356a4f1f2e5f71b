# SPDX-License-Identifier: MIT
# 64-bit arithmetic with C's operators, bases and assignments.
echo $((1 + 2 * 3 - 4 / 2 % 3)) $((7 / -2)) $((-7 % 3))
echo $((0x1f)) $((017)) $((1 << 40)) $((-1 >> 1))
echo $((5 & 3)) $((5 | 3)) $((5 ^ 3)) $((~5)) $((!5))
echo $((3 > 2 && 2 > 1)) $((0 || 0)) $((1 ? 10 : 20))
a=5; echo $((a += 3)) $((a++)) $a
echo $((9223372036854775807 + 1))
echo $((1 / 0)); echo not reached
