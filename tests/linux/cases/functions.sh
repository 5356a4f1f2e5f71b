# SPDX-License-Identifier: MIT
# Functions: arguments, locals, return, recursion, redirection of a body.
f() { local v=in; echo "$# $1 $v"; return 3; }
v=out; f a b; echo $? $v
fact() { [ $1 -le 1 ] && echo 1 || echo $(($1 * $(fact $(($1 - 1))))); }
fact 10
g() { echo out; echo err >&2; } >g.out 2>g.err
g; cat g.out g.err
g2() { set -- x y; echo $*; }; set -- a; g2; echo $*
unset -f f; f 2>/dev/null; echo $?
