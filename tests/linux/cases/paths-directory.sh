# SPDX-License-Identifier: MIT
# Folders refuse to be read, written or removed as files.
mkdir d d/e
cat d; echo $?
echo x >d; echo $?
rm d; echo $?
rmdir d; echo $?
mkdir d; echo $?
rmdir d/e d; echo $?
