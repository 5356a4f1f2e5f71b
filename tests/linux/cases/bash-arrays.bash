# SPDX-License-Identifier: MIT
# Bash arrays, associative arrays and string operations.
a=(one 'two three' four); a+=(five)
echo ${#a[@]} "${a[1]}" "${a[@]:1:2}" "${!a[@]}"
declare -A m=([x]=1 [y]=2); for k in $(echo "${!m[@]}" | tr ' ' '\n' | sort); do echo $k ${m[$k]}; done
s=Hello; echo ${s^^} ${s,,} ${s//l/L} ${s:1:3}
printf -v v '%03d' 7; echo $v
echo {1..5} {a,b}{x,y}
[[ abc =~ a(.)c ]] && echo ${BASH_REMATCH[1]}
(( x = 5 ** 3 )); echo $x
