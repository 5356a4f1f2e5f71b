# SPDX-License-Identifier: MIT
# sleep sleeps: fractions, units, refusals, killed by a signal.
sleep 0; echo $?; sleep 0.1; echo $?; sleep x; echo $?
sleep 10 & p=$!; sleep 0.1; kill $p; wait $p 2>/dev/null; echo $?
a=$(cut -d. -f1 /proc/uptime); sleep 2; b=$(cut -d. -f1 /proc/uptime)
d=$((b - a)); [ $d -ge 1 ] && [ $d -le 4 ] && echo slept
