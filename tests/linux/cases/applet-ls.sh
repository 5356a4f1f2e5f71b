# SPDX-License-Identifier: MIT
# ls: names, hidden, recursion, one column, types, sizes, order.
mkdir d; echo hello >f; touch -d '2020-01-02 03:04:05' f; ln -s f l; mkfifo p
touch .h d/x; chmod 755 d; chmod 640 f
ls; ls -a; ls -A; ls -R; ls -F; ls -d d
ls -l f | awk '{ print $1, $2, $3, $4, $5, $6, $7, $8, $9 }'
ls -l l p | awk '{ print $1, $9, $10, $11 }'
ls -n f | awk '{ print $3, $4 }'
dd if=/dev/zero of=big bs=1k count=5 2>/dev/null; ls -S | head -n 1
ls -l --full-time f | awk '{ print $6, $7, $8, $9 }'; ls nothing; echo $?
