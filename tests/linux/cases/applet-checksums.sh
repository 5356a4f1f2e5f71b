# SPDX-License-Identifier: MIT
# md5sum, sha1sum, sha256sum, sha512sum, cksum: values and -c.
echo hello >a; : >b
md5sum a b; sha1sum a; sha256sum a b; sha512sum a; crc32 a
sha256sum a b >sums; sha256sum -c sums; echo $?
echo changed >a; sha256sum -c sums 2>/dev/null; echo $?; md5sum nothing; echo $?
