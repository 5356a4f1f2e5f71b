# SPDX-License-Identifier: MIT
# Redirections: order, append, duplication, closing, read-write.
echo one >f; echo two >>f; cat f
ls nothing >both 2>&1; cat both
{ echo out; echo err >&2; } 2>&1 >only-out | sed 's/^/piped: /'
cat only-out
exec 3>three; echo via three >&3; exec 3>&-
cat three
echo closed >&3; echo $?
exec 4<>rw; echo rw >&4; cat rw; exec 4>&-
cat <f >g; cat g
: >f; wc -c <f
set -C; echo no >g; echo $?; echo yes >|g; cat g
