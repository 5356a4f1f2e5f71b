# SPDX-License-Identifier: MIT
# set -e, -u, -x and -n do what they say.
sh -ec 'false; echo no'; echo $?
sh -ec 'if false; then :; fi; false || true; echo yes'; echo $?
sh -uc 'echo $undefined'; echo $?
sh -xc 'a=1; echo $a'
sh -nc 'echo not run'; echo $?
sh -c 'echo "unclosed'; echo $?
