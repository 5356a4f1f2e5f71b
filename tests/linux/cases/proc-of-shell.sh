# SPDX-License-Identifier: MIT
# /proc tells a process's name, parent, arguments, links and open files.
cat /proc/self/comm; tr '\0' ' ' </proc/self/cmdline; echo
readlink /proc/self/cwd | sed 's,.*/,,'; readlink /proc/$$/exe | sed 's,.*/,,'
grep -E '^(Name|State|PPid|Uid|Gid):' /proc/self/status | sed "s/PPid:.$$\$/PPid: shell/"
exec 7</dev/null; ls -l /proc/self/fd/7 | sed 's/.*7 -> //'
cut -d' ' -f4 /proc/self/stat | grep -cx $$; ls -d /proc/$$/task/$$ | grep -c task
cat /proc/999999/status; echo $?
