# SPDX-License-Identifier: MIT
# The standard devices have Linux's numbers and are character devices.
for d in null zero full random urandom tty console; do
	stat -c '%n %F %t %T' /dev/$d
done
