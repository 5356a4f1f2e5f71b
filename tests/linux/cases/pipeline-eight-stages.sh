# SPDX-License-Identifier: MIT
# A pipeline of eight stages gives what its parts say.
seq 1 1000 | grep 7 | sed 's/7/x/g' | tr x y | sort -r | uniq | head -n 50 |
	awk '{ n += length($0) } END { print NR, n }'
echo "status $?"
