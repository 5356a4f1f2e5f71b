# SPDX-License-Identifier: MIT
# dd: blocks, skip, seek, notrunc, sizes, counts in its report.
seq 1 1000 >f
dd if=f bs=10 count=3 2>/dev/null; dd if=f bs=10 skip=2 count=1 2>/dev/null
dd if=f of=g bs=100 2>err; grep records err
dd if=/dev/zero of=h bs=1 seek=100 count=1 2>/dev/null; wc -c <h
echo ABC | dd of=g conv=notrunc bs=1 seek=4 2>/dev/null; head -n 4 g
dd if=nothing; echo $?; echo abc | dd conv=ucase 2>/dev/null
dd if=/dev/zero bs=64k count=64 2>/dev/null | md5sum
