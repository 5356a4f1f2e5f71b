# SPDX-License-Identifier: MIT
# A subshell's variables, folder and options stay its own.
v=1
(v=2; cd /; set -f; echo $v $(pwd))
echo $v $(basename "$(pwd)")
{ v=3; }
echo $v
echo a | read v; echo $v
(exit 7); echo $?
(( 1 )) 2>/dev/null; echo $?
x=$(exit 5); echo $?
