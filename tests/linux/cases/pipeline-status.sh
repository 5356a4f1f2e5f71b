# SPDX-License-Identifier: MIT
# The status of a pipeline is that of its last stage; ! inverts it.
true | false; echo $?
false | true; echo $?
! true | false; echo $?
(exit 3) | (exit 4) | (exit 5); echo $?
