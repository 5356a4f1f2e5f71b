# SPDX-License-Identifier: MIT
# A hundred files stay open at once in one shell.
i=10
while [ $i -lt 110 ]; do eval "exec $i>f$i"; i=$((i + 1)); done 2>err
cat err
i=10
while [ $i -lt 110 ]; do eval "echo n$i >&$i"; i=$((i + 1)); done
cat f* | sort | md5sum
ulimit -n
