# SPDX-License-Identifier: MIT
# A folder holds ten thousand files, lists them all and is emptied again.
mkdir d
cd d || exit 1
seq 1 10000 | xargs touch
ls | wc -l
ls | sort -n | md5sum
find . -name '*99' | wc -l
rm 5???
ls | wc -l
cd ..
rm -r d; echo $?
ls
