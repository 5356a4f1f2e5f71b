# SPDX-License-Identifier: MIT
# sed: substitution, addresses, hold space, branches, files, in place.
printf 'one\ntwo\nthree\nfour\n' >f
sed 's/o/0/' f; sed 's/o/0/2;s/e/E/g' f; sed -n 2,3p f; sed '/two/d' f
sed -n '$=' f; sed 's/\(.\)\(.\)/\2\1/' f; sed -E 's/(t)(.)/[\1|\2]/' f
sed '1!G;h;$!d' f; sed '2i\inserted' f; sed '$a\last' f; sed '2c\changed' f
sed -n '/two/,/four/{s/^/> /;p}' f; sed ':a;N;$!ba;s/\n/,/g' f
sed y/abcdefo/ABCDEFO/ f; sed -i s/one/ONE/ f; cat f; sed -n 'l' f | head -n 1
sed 2q f; echo abc | sed 's/b*/x/g'; sed 's/x' f; echo $?
