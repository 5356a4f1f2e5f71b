# SPDX-License-Identifier: MIT
# Functions recurse a thousand deep.
down() { [ $1 -eq 0 ] && return 5; down $(($1 - 1)); }
down 1000; echo $?
