# SPDX-License-Identifier: MIT
# The shell's statuses: 126, 127, syntax errors, exit values modulo 256.
nothing-like-this; echo $?
/no/such/file; echo $?
/; echo $?
sh -c 'if'; echo $?
sh no-such-script; echo $?
(exit 256); echo $?
(exit 511); echo $?
(return 3); echo $?
