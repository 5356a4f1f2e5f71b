# SPDX-License-Identifier: MIT
# kill: names, numbers, listing, missing processes, signal 0.
kill -l 9; kill -l 15; kill -l TERM
sleep 20 & p=$!
kill -0 $p; echo $?
kill $p; wait $p 2>/dev/null; echo $?
kill -0 $p 2>/dev/null; echo $?
kill -9 99999; echo $?
kill -BOGUS $$; echo $?
