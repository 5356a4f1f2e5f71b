# SPDX-License-Identifier: MIT
# cp: files, folders, links, attributes, refusals.
echo one >a; chmod 640 a; touch -d '2021-01-01 00:00:00' a
mkdir -p d/e; echo two >d/e/f; ln -s a s
cp a b; cat b; cp -p a c; stat -c '%a %Y' c
cp d x; echo $?; cp -r d x; cat x/e/f
cp s t; [ -L t ]; echo $?; cp -d s u; readlink u
cp -a d y; ls y/e; cp nothing z; echo $?; cp a a; echo $?
cp a b c; echo $?; cp a b d; ls d
