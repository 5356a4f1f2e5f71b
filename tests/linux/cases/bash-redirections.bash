# SPDX-License-Identifier: MIT
# Bash redirections: &>, >&-, here-strings, process substitution, {fd}.
{ echo o; echo e >&2; } &>both; sort both
cat <<<"here string"
exec {fd}>file; echo "to fd" >&$fd; exec {fd}>&-; cat file
cat < <(echo from substitution)
paste <(seq 3) <(seq 4 6)
echo x > >(sed s/x/y/ >sub); sleep 0.3; cat sub
