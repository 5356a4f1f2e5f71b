# SPDX-License-Identifier: MIT
# stty, less and more on something that is no terminal.
stty; echo $?; stty size; echo $?
seq 3 | less; seq 3 | more; echo text | less -E; echo $?
