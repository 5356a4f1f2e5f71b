# SPDX-License-Identifier: MIT
# cd, cd -, CDPATH, symbolic links, and a working folder that was removed.
base=$PWD
mkdir -p a/b; ln -s a/b l
cd a/b; echo ${PWD#$base}; cd - >/dev/null; echo ${PWD#$base}.
cd l; echo ${PWD#$base}; pwd -P | sed "s,.*/a/,a/,"; cd ..
echo ${PWD#$base}.
mkdir gone; cd gone; rmdir ../gone; /bin/true 2>/dev/null
ls; echo $?
touch x; echo $?
cd ..; echo $?
CDPATH=$base/a; cd b >/dev/null; echo ${PWD#$base}
