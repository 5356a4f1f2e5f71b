# SPDX-License-Identifier: MIT
# wait -n returns with the first child that ends.
(sleep 0.6; exit 3) & (sleep 0.1; exit 4) & (sleep 1; exit 5) &
wait -n; echo $?
wait -n; echo $?
wait -n; echo $?
wait -n; echo $?
