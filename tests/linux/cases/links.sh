# SPDX-License-Identifier: MIT
# Hard and symbolic links: counts, sharing, dangling, readlink, replacement.
echo one >a; ln a b; stat -c %h a; echo two >b; cat a
[ a -ef b ] && echo same
rm a; cat b; stat -c %h b
ln -s b s; cat s; readlink s; rm b; cat s; echo $?
ln -s target s; echo $?
ln -sf other s; readlink s
ln b c; echo $?
mkdir d; ln d e; echo $?
