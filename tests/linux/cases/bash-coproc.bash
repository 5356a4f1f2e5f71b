# SPDX-License-Identifier: MIT
# A coprocess answers over its two pipes.
coproc { while read -r l; do echo "got $l"; done; }
echo one >&${COPROC[1]}; read -r r <&${COPROC[0]}; echo "$r"
echo two >&${COPROC[1]}; read -r r <&${COPROC[0]}; echo "$r"
eval "exec ${COPROC[1]}>&-"; wait; echo $?
