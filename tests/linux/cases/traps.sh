# SPDX-License-Identifier: MIT
# Traps run on signals, on exit, and in the order of arrival.
trap 'echo usr1' USR1
trap 'echo exit $?' EXIT
kill -USR1 $$
(trap 'echo inner exit' EXIT; exit 2); echo $?
trap '' TERM
kill -TERM $$
echo survived
trap - USR1
trap
sh -c 'trap "echo term; exit 9" TERM; kill -TERM $$; echo no'; echo $?
exit 4
