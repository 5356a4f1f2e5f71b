# SPDX-License-Identifier: MIT
# cat, cat -n, cat -A, several files, standard input, tac.
printf 'a\nb\n' >x; printf 'c\td\n\001\n' >y
cat x y; cat -n x; cat -A y; echo in | cat x - y; tac x; cat <x
cat x nothing y; echo $?
