# SPDX-License-Identifier: MIT
# With set -m each job is a process group of its own and can be resumed.
set -m
sleep 5 &
p=$!
[ "$(ps -o pid,pgid | awk -v p=$p '$1 == p { print $2 }')" = $p ] && echo own
kill -STOP %1; sleep 0.2
jobs | sed 's/  */ /g'
bg %1 >/dev/null 2>&1; sleep 0.1
kill %1; wait %1 2>/dev/null; echo $?
(sleep 0.3; exit 3) & fg %% >/dev/null 2>&1; echo $?
