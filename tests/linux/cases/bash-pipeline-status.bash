# SPDX-License-Identifier: MIT
# PIPESTATUS and pipefail tell the status of each stage.
(exit 3) | true | (exit 5) | true
echo "${PIPESTATUS[@]}"
set -o pipefail
(exit 3) | true
echo $?
