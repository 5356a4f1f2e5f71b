# SPDX-License-Identifier: MIT
# seq and xargs: steps, formats, batches, statuses, quoting.
seq 3; seq 2 4; seq 1 3 10; seq 5 -2 1; seq -w 8 10; seq -s, 3
seq 10 | xargs -n 4 echo; seq 3 | xargs -I{} echo '<{}>'
printf 'a b\0c\0' | xargs -0 -n 1 echo; echo | xargs -r echo never
seq 3 | xargs sh -c 'exit 1'; echo $?; seq 3 | xargs sh -c 'exit 255'; echo $?
echo x | xargs nothing-here; echo $?; seq 20000 | xargs echo | wc -w
