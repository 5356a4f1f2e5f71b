# SPDX-License-Identifier: MIT
# stat, touch, du, truncate, realpath, basename, dirname, mktemp.
touch -d '2022-02-03 04:05:06' f; stat -c '%s %a %F %h %Y' f; touch -r f g; stat -c %Y g
touch -c nothing; ls nothing; truncate -s 10000 f; stat -c %s f; truncate -s 3 f; wc -c f
mkdir -p a/b; ln -s b a/l; realpath a/l | sed 's,.*/a/,a/,'; basename a/b/c.x .x; dirname a/b/c
m=$(mktemp ./t.XXXXXX); [ -f $m ] && stat -c %a $m; m=$(mktemp -d ./t.XXXXXX); stat -c '%a %F' $m
dd if=/dev/zero of=k bs=1k count=64 2>/dev/null; du -k k | cut -f1; du -s k >/dev/null; echo $?
