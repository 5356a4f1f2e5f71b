# SPDX-License-Identifier: MIT
# /proc tells about the machine in the known formats.
grep -E '^(MemTotal|MemFree|MemAvailable|Buffers|Cached|SwapTotal):' /proc/meminfo | awk '{ print $1, $3, ($2 ~ /^[0-9]+$/) }'
awk '{ print NF }' /proc/uptime; awk '{ print NF, ($4 ~ /\//) }' /proc/loadavg
grep -c '^cpu' /proc/stat | awk '{ print ($1 >= 2) }'; grep -E -o '^(btime|processes|ctxt|intr)' /proc/stat
grep -c '^processor' /proc/cpuinfo; grep -q . /proc/version; echo $?; ls /proc | grep -cx self
