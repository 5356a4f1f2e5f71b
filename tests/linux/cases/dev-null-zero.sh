# SPDX-License-Identifier: MIT
# /dev/null swallows and is empty; /dev/zero gives zeros.
echo gone >/dev/null; echo $?
wc -c </dev/null
head -c 100000 /dev/zero | md5sum
dd if=/dev/zero of=z bs=1k count=3 2>/dev/null; ls -l z | awk '{print $5}'
