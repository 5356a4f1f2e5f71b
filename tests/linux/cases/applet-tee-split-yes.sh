# SPDX-License-Identifier: MIT
# tee, split-like head, yes, shuf, tsort, comm-like uniq over pipes.
seq 3 | tee a b >c; cat a b c; echo more | tee -a a >/dev/null; cat a
seq 3 | tee /dev/full >x; echo $?; cat x
yes ab | head -n 3; seq 10 | shuf | sort -n | tr '\n' ' '; echo
