# SPDX-License-Identifier: MIT
# Parameter expansion: defaults, lengths, trimming, errors.
unset u; e=; v=path/to/file.tar.gz
echo "${u-d}" "${u:-d}" "${e-d}" "${e:-d}" "${v+s}" "${u+s}"
echo "${u:=assigned}" "$u"
echo "${#v}" "${v#*/}" "${v##*/}" "${v%.*}" "${v%%.*}"
echo "${v/to/TO}" "${v:5:2}"
set -- a 'b c' d
echo $# "$1" "$*"; for x in "$@"; do echo "<$x>"; done
IFS=,; echo "$*"; unset IFS
(echo "${nope?is not set}"; echo no); echo $?
(set -u; echo $nope2); echo $?
