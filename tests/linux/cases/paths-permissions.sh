# SPDX-License-Identifier: MIT
# A file without execute permission cannot be run, even by root.
echo 'echo ran' >script
chmod 644 script
./script; echo $?
chmod 755 script
./script; echo $?
mkdir d; chmod 755 d
d; echo $?
./d; echo $?
