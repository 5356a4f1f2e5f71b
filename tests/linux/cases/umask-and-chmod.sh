# SPDX-License-Identifier: MIT
# umask shapes new files and folders; chmod takes numbers and letters.
umask; umask 027; touch f; mkdir d; umask 0; touch g; mkdir e
stat -c '%a %n' f d g e
chmod u+x,g-r,o=rw f; stat -c %a f
chmod 4755 g; stat -c '%a %A' g
chmod 1777 e; stat -c '%a %A' e
chmod a=,u+s f; stat -c '%a %A' f
