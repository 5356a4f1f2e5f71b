# SPDX-License-Identifier: MIT
# vi edits a file by keys that come, with pauses, from a pipe.
keys() { for k; do sleep 0.2; printf "$k"; done; }
printf 'one\ntwo\nthree\n' >f
keys ':2\r' 'dd' 'p' '0ihello ' '\033' ':1\r' 'x' ':wq\r' | vi f >screen 2>&1
echo $?; cat f
keys 'G' 'onew last' '\033' '1G' 'yyP' 'ZZ' | vi f >screen 2>&1
echo $?; cat f
