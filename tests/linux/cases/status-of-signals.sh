# SPDX-License-Identifier: MIT
# A shell reports 128+n for a child that a signal ended.
for s in HUP INT KILL TERM USR1 ALRM; do
	sh -c "kill -$s \$\$" 2>/dev/null
	echo $s $?
done
