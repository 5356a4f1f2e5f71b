# SPDX-License-Identifier: MIT
# A script's #! line names its interpreter, with at most one argument.
b=$TESTS/busybox
printf '#!%s sh\necho "$0 $# $1 $2"\n' $b >one
printf '#!%s sed s/a/b/\n' $b >two
printf '#!/no/such/interp\n' >three
printf 'echo "no line: $0"\n' >four
printf '#!%s/one\n' "$PWD" >five
printf '#!%s\necho shell said $1\n' "$TESTS/bash" >six
chmod 755 one two three four five six
./one x 'y z'; echo $?
./three; echo $?
./four; echo $?
./five; echo $?
./six arg; echo $?
