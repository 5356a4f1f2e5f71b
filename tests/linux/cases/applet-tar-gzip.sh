# SPDX-License-Identifier: MIT
# tar and gzip: pack, list, unpack, compress, keep modes and links.
mkdir -p d/e; seq 1 5000 >d/n; echo x >d/e/x; ln -s n d/l; chmod 750 d/e
tar cf a.tar d; tar tf a.tar | sort; mkdir o; tar xf a.tar -C o
cmp d/n o/d/n; readlink o/d/l; stat -c %a o/d/e
tar czf a.tgz d; tar tzf a.tgz | wc -l; tar xzf a.tgz -C o d/e/x; cat o/d/e/x
gzip -k d/n; gunzip -c d/n.gz | cmp - d/n
rm d/n; gunzip -k d/n.gz; gunzip -f d/n.gz; gzip d/n; ls d; gunzip d/n.gz; md5sum <d/n; echo junk | gunzip; echo $?
tar cf - d | tar tf - | grep -c .; tar xf nothing; echo $?
