# SPDX-License-Identifier: MIT
# date: formats of a fixed instant, time zones, parsing, refusal.
date -u -d @0; date -u -d @1000000000 '+%Y-%m-%d %H:%M:%S %a %b %j %U %s'
TZ=EST5EDT date -d @1000000000 +%H:%M:%S%Z; date -u -d '2020-02-29 12:34:56' +%s
date -d nonsense; echo $?; [ $(date +%s) -gt 1000000 ]; echo $?
