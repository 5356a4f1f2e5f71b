# SPDX-License-Identifier: MIT
# for, while, until, break n, continue n.
for i in 1 2 3; do
	for j in a b c; do
		[ $j = b ] && continue 2
		[ $i = 3 ] && break 2
		echo $i$j
	done
done
i=0; while [ $i -lt 3 ]; do i=$((i + 1)); done; echo $i
until [ $i -eq 0 ]; do i=$((i - 1)); done; echo $i
for x; do echo never; done
while read -r a b; do echo "$b:$a"; done <<END
1 2 3
4 5
END
