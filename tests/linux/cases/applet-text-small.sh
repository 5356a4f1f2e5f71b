# SPDX-License-Identifier: MIT
# tr, wc, head, tail, cut, fold, nl, rev, paste, expand.
printf 'one two\nthree\nfour five six\n' >f
tr a-z A-Z <f; tr -d aeiou <f; tr -s e <f; tr -c 'a-z\n' _ <f
wc f; wc -l <f; wc -c f; wc -w f f; head -n 1 f; head -c 5 f; echo
tail -n 1 f; tail -c 4 f; tail -n +2 f; seq 100 | tail -n 2; head -n -1 f
cut -c 1-3 f; cut -d' ' -f2 f; cut -d' ' -f2- -s f; fold -w 5 f; nl f
rev f; paste -d, f f; printf 'a\tb\n' | expand; seq 3 | paste -s
