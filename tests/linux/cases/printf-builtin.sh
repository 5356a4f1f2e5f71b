# SPDX-License-Identifier: MIT
# printf: conversions, widths, escapes, reuse of the format.
printf '%s|%5s|%-5s|\n' a b c
printf '%d %x %o %#x %05d %+d\n' 42 255 8 255 42 7
printf '%c%c\n' hello world
printf '%s %s\n' 1 2 3
printf '%b\n' 'a\tb\n\0101'
printf '%.3f %e %g\n' 3.14159 1234.5 0.0001
printf '%%\n'
printf '%d\n' notnum; echo $?
