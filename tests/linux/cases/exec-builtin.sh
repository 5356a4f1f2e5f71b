# SPDX-License-Identifier: MIT
# exec replaces the shell; a failed exec ends it with 127 or 126.
(exec echo replaced; echo no); echo $?
(exec /no/such; echo no); echo $?
(exec /tmp; echo no); echo $?
sh -c 'exec sh -c "exit 5"'; echo $?
exec 5>log; sh -c 'echo inherited >&5'; exec 5>&-; cat log
