# SPDX-License-Identifier: MIT
# What is made in a set-group-id folder gets the folder's group.
mkdir d && chgrp 33 d && chmod 2775 d
mkdir d/sub; echo x >d/file; ln -s x d/link; mkfifo d/fifo
cp d/file d/copy
stat -c '%n %a %u %g' d d/sub d/file d/link d/fifo d/copy
mv d/sub moved; stat -c '%n %a %g' moved
chgrp 0 d/file; stat -c '%n %a %g' d/file
