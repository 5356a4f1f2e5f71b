# SPDX-License-Identifier: MIT
# read: fields, IFS, -r, backslashes, no final newline, end of file.
printf 'one two three\n' | { read a b; echo "<$a><$b>"; }
printf 'a:b:c\n' | { IFS=: read a b c; echo "$a-$b-$c"; }
printf 'x\\ty\n' | { read v; echo "$v"; }
printf 'x\\ty\n' | { read -r v; echo "$v"; }
printf 'no newline' | { read v; echo "$? $v"; }
read v </dev/null; echo $?
printf '  lead trail  \n' | { read v; echo "<$v>"; }
printf '123456' | { read -n 3 v; echo "$v"; }
read -t 0.2 v <>"$(mkfifo p; echo p)"; echo "timeout $(($? > 0))"
