# SPDX-License-Identifier: MIT
# cpio writes and reads the newc format with modes and links.
mkdir d; echo data >d/f; ln -s f d/l; chmod 600 d/f
find d | sort | cpio -o -H newc 2>/dev/null >a; cpio -t <a 2>/dev/null
mkdir o; (cd o && cpio -id <../a 2>/dev/null); cat o/d/f; readlink o/d/l; stat -c %a o/d/f
