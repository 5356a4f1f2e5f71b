# SPDX-License-Identifier: MIT
# A lowered limit of open files is kept to, and inherited.
ulimit -n 20
sh -c 'ulimit -n'
sh -c 'exec 25>x'; echo $?
ulimit -n 30 && echo raised
ulimit -Sn 10; ulimit -Hn
