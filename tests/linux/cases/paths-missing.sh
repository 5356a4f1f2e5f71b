# SPDX-License-Identifier: MIT
# Opening what is not there says ENOENT; through a file, ENOTDIR.
cat nothing; echo $?
cat nothing/below; echo $?
echo x >file
cat file/below; echo $?
echo y >nowhere/file; echo $?
cd nowhere; echo $?
cd file; echo $?
