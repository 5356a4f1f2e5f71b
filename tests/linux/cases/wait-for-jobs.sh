# SPDX-License-Identifier: MIT
# wait gives each background job's own status.
(exit 3) & a=$!
(sleep 0.2; exit 4) & b=$!
sh -c 'kill -9 $$' & c=$!
wait $a; echo $?
wait $b; echo $?
wait $c 2>/dev/null; echo $?
wait $c 2>/dev/null; echo $?
wait 1; echo $?
wait; echo $?
