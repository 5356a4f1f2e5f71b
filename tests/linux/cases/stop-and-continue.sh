# SPDX-License-Identifier: MIT
# A stopped process makes no progress until it is continued.
sh -c 'i=0; while :; do sleep 0.05; i=$((i + 1)); echo $i >count; done' &
p=$!
sleep 0.5; kill -STOP $p; sleep 0.2
a=$(cat count); sleep 0.4; b=$(cat count)
[ "$a" = "$b" ] && echo stopped
grep -c '^State:.T' /proc/$p/status
kill -CONT $p; sleep 0.5; c=$(cat count)
[ "$c" -gt "$b" ] && echo continued
kill -9 $p; wait $p 2>/dev/null; echo $?
