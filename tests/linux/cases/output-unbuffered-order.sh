# SPDX-License-Identifier: MIT
# Writes of several processes to one appended file keep their order.
for i in 1 2 3 4 5; do echo $i >>log; sh -c "echo sub $i" >>log; done; cat log
{ echo a; sh -c 'echo b'; echo c; } >seq; cat seq
(while read l; do echo "$l" >>both; done) <log; cmp log both; echo $?
