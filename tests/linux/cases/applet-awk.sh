# SPDX-License-Identifier: MIT
# awk: fields, patterns, arrays, functions, printf, getline, pipes.
printf 'a 1\nb 2\nc 3\na 4\n' >f
awk '{ print $2, $1 }' f; awk '$2 > 1' f; awk '/a/ { n++ } END { print n }' f
awk '{ s[$1] += $2 } END { for (k in s) print k, s[k] | "sort"; close("sort") }' f
awk -F: -v x=5 'BEGIN { OFS = "-"; print x, "y" }'
awk 'function f(n) { return n < 2 ? 1 : n * f(n - 1) } BEGIN { print f(10) }'
awk 'BEGIN { printf "%5.2f|%-5s|%05d|%x\n", 3.14159, "ab", 42, 255 }'
awk 'BEGIN { while ((getline l < "f") > 0) n++; print n }'
awk 'BEGIN { "echo piped" | getline x; print x }'
awk 'BEGIN { print length("hello"), substr("hello", 2, 3), index("hello", "l") }'
awk 'BEGIN { n = split("a,b,c", p, ","); print n, p[3]; print toupper("x") }'
awk '{ gsub(/[0-9]/, "<&>"); print } NR == 2 { exit 3 }' f; echo $?
awk 'BEGIN { print 1e6, 2^10, 7 % 3, 1/3; exit }'; echo x | awk '{ print NF, NR }'
