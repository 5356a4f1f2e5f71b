# SPDX-License-Identifier: MIT
# A background job of a script reads nothing from standard input.
cat >out &
wait
wc -c <out
