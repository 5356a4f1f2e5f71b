# SPDX-License-Identifier: MIT
# diff and cmp: unified output, statuses, folders, end of file.
seq 5 >a; seq 5 | sed s/3/x/ >b; cp a c
diff a b | sed 's/\t.*//' ; diff a b >/dev/null; echo $?; diff a c; echo $?
cmp a b; echo $?; seq 4 >d; cmp a d; echo $?; cmp -s a c; echo $?
mkdir p q; echo 1 >p/x; echo 2 >q/x; touch p/only; diff -rq p q; echo $?
diff -u a b | patch -p0 a; cmp a b; echo $?
