# SPDX-License-Identifier: MIT
# rm and mkdir: parents, force, recursion, modes, refusals.
mkdir a/b; echo $?; mkdir -p a/b/c a/b/c; echo $?
mkdir -m 700 m; stat -c %a m
touch f; rm f f; echo $?; rm -f nothing; echo $?
rm -r a; ls; rmdir -p x/y; echo $?; mkdir -p x/y; rmdir -p x/y; ls
