# SPDX-License-Identifier: MIT
# Command substitution nests, strips newlines, keeps status and bytes.
echo "$(echo "$(echo "$(echo deep)")")"
v=$(printf 'a\n\n\n'); echo "<$v>"
v=$(false); echo $?
echo `echo back \`echo ticks\``
v=$(seq 1 50000); echo ${#v}
echo $(echo 'a   b') "$(echo 'a   b')"
