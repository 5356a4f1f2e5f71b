# SPDX-License-Identifier: MIT
# uname, env, id, whoami, hostname, nproc.
uname; uname -m; [ -n "$(uname -r)" ] && [ -n "$(uname -v)" ] && echo filled
id -u; id -g; id -G; env -i A=1 B=2 env; env nothing-here; echo $?
[ -n "$(hostname)" ] && echo named; nproc
