# SPDX-License-Identifier: MIT
# timeout ends what runs too long, and passes the status of what does not.
timeout 0.5 sleep 5; echo $?; timeout 5 sh -c 'exit 3'; echo $?
timeout -s KILL 0.3 sleep 5; echo $?; timeout 5 nothing-here; echo $?
