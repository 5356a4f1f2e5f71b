# SPDX-License-Identifier: MIT
# pgrep finds processes by command line, age and parent; pkill ends them.
sleep 91 & a=$!
sleep 92 & b=$!
sleep 1 # until both have their names
pgrep -f 'sleep 9[12]' | grep -c .
[ "$(pgrep -f 'sleep 91')" = $a ] && echo first
[ "$(pgrep -n -f 'sleep 9[12]')" = $b ] && echo newest
[ "$(pgrep -o -f 'sleep 9[12]')" = $a ] && echo oldest
pgrep -P $$ -f 'sleep 92' | grep -cx $b
pgrep -l -f 'sleep 91' | grep -c sleep
pgrep no-such-program; echo $?
pkill -f 'sleep 91'; wait $a 2>/dev/null; echo $?
pkill -9 -f 'sleep 92'; wait $b 2>/dev/null; echo $?
pgrep -f 'sleep 9[12]'; echo $?
