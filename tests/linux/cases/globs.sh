# SPDX-License-Identifier: MIT
# Globs: *, ?, classes, ranges, negation, no match, hidden files, quotes.
touch a b c ab abc x1 x2 y1 .hidden 'sp ace'
mkdir d; touch d/one d/two
echo *
echo ?
echo [ab]*
echo [!a-c]*
echo x[0-9]
echo .h*
echo */*
echo none*here
echo "*" '*' \*
for f in sp*; do echo "<$f>"; done
set -f; echo *; set +f
case abc in a?c) echo match;; esac
