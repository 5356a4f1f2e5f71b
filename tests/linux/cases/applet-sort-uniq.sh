# SPDX-License-Identifier: MIT
# sort and uniq: numbers, keys, reverse, unique, counts, large input.
printf 'b 2\na 10\nc 1\na 10\n' >f
sort f; sort -r f; sort -k2n f; sort -u f; sort -t' ' -k1,1 -k2,2nr f
sort f | uniq -c; sort f | uniq -d; sort f | uniq -u; sort -c f; echo $?
seq 1 20000 | sort -r | md5sum; printf '1K\n2\n10M\n' | sort -h
printf '10\n9\n' | sort; printf '10\n9\n' | sort -n; printf 'b\nA\na\n' | sort -f
