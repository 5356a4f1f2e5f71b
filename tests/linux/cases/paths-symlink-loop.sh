# SPDX-License-Identifier: MIT
# Loops of symbolic links end in ELOOP.
ln -s b a
ln -s a b
cat a; echo $?
ln -s self self
ls self/x; echo $?
for l in a b self; do readlink $l; done
