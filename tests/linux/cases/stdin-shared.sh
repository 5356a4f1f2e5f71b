# SPDX-License-Identifier: MIT
# Readers that share standard input continue where the other stopped.
seq 5 >f
{ read a; read b; cat; } <f
{ head -n 1 >/dev/null; cat | wc -l; } <f
(read a; echo "sub $a"; sh -c 'read b; echo "child $b"'; read c; echo "then $c") <f
