# SPDX-License-Identifier: MIT
# Bash traps: ERR, DEBUG, RETURN, EXIT in a subshell, SIGCHLD.
trap 'echo err $?' ERR; false; trap - ERR
f() { trap 'echo return' RETURN; :; }; f; trap - RETURN
(trap 'echo sub exit' EXIT)
n=0; trap 'n=$((n + 1))' CHLD
/tmp/bin/true; sleep 0.1; trap - CHLD; echo $((n > 0))
trap 'echo bye' EXIT
