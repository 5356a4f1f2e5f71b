# SPDX-License-Identifier: MIT
# The environment reaches children, is theirs to change, and is inherited.
A=1; export B=2; C=3 sh -c 'echo "<$A><$B><$C>"'
echo "<$C>"
env -i X=y $TESTS/busybox env
env -u B sh -c 'echo "<$B>"'
export D='multi
line'; sh -c 'echo "$D"'
unset B; sh -c 'echo "<$B>"'
env | grep -c =
