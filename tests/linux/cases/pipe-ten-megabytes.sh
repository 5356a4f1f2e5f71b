# SPDX-License-Identifier: MIT
# Ten megabytes go through a pipe unharmed.
seq 1 2000000 | head -c 10485760 >file
sha256sum <file
cat file | cat | sha256sum
seq 1 2000000 | head -c 10485760 | wc -c
