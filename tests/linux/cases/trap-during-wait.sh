# SPDX-License-Identifier: MIT
# A trapped signal interrupts wait, and the child can be waited for again.
trap 'echo caught' USR1
(sleep 0.4; exit 6) &
child=$!
(sleep 0.1; kill -USR1 $$) &
wait $child; first=$?
echo "interrupted $((first > 128))"
wait $child; echo $?
