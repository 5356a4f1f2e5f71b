# SPDX-License-Identifier: MIT
# A writer whose reader left dies of SIGPIPE, quietly.
(yes; echo "yes ended $?" >&2) | head -n 2
sh -c 'trap "" PIPE; sleep 0.3; echo x 2>err; echo $? >code' | true
sleep 0.6
cat code; cat err
