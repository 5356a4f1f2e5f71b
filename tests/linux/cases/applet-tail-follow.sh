# SPDX-License-Identifier: MIT
# tail -f shows what is appended until it is killed.
echo one >f
tail -f f >out &
p=$!
sleep 0.5; echo two >>f; sleep 1.5; kill $p; wait $p 2>/dev/null; echo $?
cat out
