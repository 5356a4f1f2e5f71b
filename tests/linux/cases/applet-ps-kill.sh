# SPDX-License-Identifier: MIT
# ps lists processes with parents and states; kill and killall end them.
sleep 77 & a=$!
sleep 78 & b=$!
sleep 1 # until both have their names
ps -o pid,ppid,args | awk -v a=$a -v me=$$ '$1 == a && $2 == me { $1 = $2 = ""; print }'
ps | grep -c '[s]leep 7[78]'; ps -o stat,pid | awk -v a=$a '$2 == a { print substr($1, 1, 1) }'
pidof sleep | wc -w; cat /proc/$b/cmdline | tr "\0" " "; echo
kill $a; wait $a 2>/dev/null; echo $?; killall sleep; wait $b 2>/dev/null; echo $?
ps | grep -c '[s]leep 7[78]'
