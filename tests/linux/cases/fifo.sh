# SPDX-License-Identifier: MIT
# A named pipe joins two processes; opening waits for the other side.
mkfifo p; stat -c %F p
(echo through; echo twice) >p &
cat p
wait
(sleep 0.2; cat p >out) &
seq 1 20000 >p
wait; md5sum <out
