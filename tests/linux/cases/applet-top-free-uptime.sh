# SPDX-License-Identifier: MIT
# top, free and uptime run and print what they always print.
top -b -n 1 | awk 'NR == 1 { print $1, NF } $1 == "PID" { print $1, $2, $NF }'
free | awk '{ print $1, NF }'; free -m | awk '/^Mem/ { print ($2 > 10) }'
uptime | grep -c 'load average: '
