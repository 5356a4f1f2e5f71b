# SPDX-License-Identifier: MIT
# find: names, types, sizes, depth, exec, negation, pruning, delete.
mkdir -p a/b c; touch a/x.c a/b/y.c c/z.h; ln -s x a/l
dd if=/dev/zero of=c/big bs=1k count=9 2>/dev/null
find . | sort; find . -name '*.c' | sort; find . -type d | sort
find . -type l; find . -size +8k; find . -maxdepth 1 | sort
find . ! -name '*.c' -type f | sort
find . -name '*.c' -exec basename {} \; | sort
find . -name '*.c' -exec echo {} + | wc -l
find . -path ./a -prune -o -print | sort
find . -empty | sort; find . -newer c/big | wc -l
find a -depth -exec rmdir {} \; 2>/dev/null; ls a
find . -print0 | tr '\0' '\n' | sort; find nothing; echo $?
