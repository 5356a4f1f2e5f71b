# SPDX-License-Identifier: MIT
# expr, factor, bc, dc: arithmetic by programs.
expr 1 + 2 \* 3; expr length hello; expr hello : 'h\(.*\)o'; expr 1 = 2; echo $?
expr 5 / 0; echo $?; factor 360 97; echo 'scale=5; 22/7; 2^64' | bc; echo '3 4 + p' | dc
