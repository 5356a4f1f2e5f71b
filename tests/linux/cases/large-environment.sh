# SPDX-License-Identifier: MIT
# A hundred kilobytes of environment and arguments reach a child.
big=$(head -c 100000 /dev/zero | tr '\0' x)
BIG=$big sh -c 'echo ${#BIG}'
/tmp/bin/sh -c 'echo ${#1} $#' x $big y
i=0; set --; while [ $i -lt 3000 ]; do set -- "$@" arg$i; i=$((i + 1)); done
/tmp/bin/sh -c 'echo $#; shift 2998; echo $*' "$@"
h=$big$big; env X=$h true; echo $?
