# SPDX-License-Identifier: MIT
# Writing to /dev/full fails with "No space left on device".
echo hello >/dev/full; echo $?
cat /dev/full | head -c 8 | od -An -tx1
