# SPDX-License-Identifier: MIT
# A name may have 255 bytes, not 256; a path fewer than 4096.
long=$(printf '%0255d' 0)
echo ok >$long; cat $long
(echo no >${long}0) 2>err; echo $?
grep -c 'File name too long' err
p=.
i=0
while [ $i -lt 2100 ]; do p=$p/.; i=$((i + 1)); done
ls $p 2>err; echo $?
grep -c 'File name too long' err
