# SPDX-License-Identifier: MIT
# Twenty jobs in the background all finish.
for i in $(seq 1 20); do
	(sleep 0.$((i % 3)); echo $i >done.$i) &
done
wait
cat done.* | sort -n | tr '\n' ' '
echo
