# SPDX-License-Identifier: MIT
# /dev/tty cannot be opened by a session without a terminal.
: </dev/tty
echo $?
tty; echo $?
