# SPDX-License-Identifier: MIT
# getopts: options with arguments, errors, silent mode.
parse() {
	OPTIND=1
	while getopts "ab:c" o "$@"; do echo "$o ${OPTARG-none}"; done
	shift $((OPTIND - 1)); echo "rest $*"
}
parse -a -b val -c file
parse -abval -- -c
parse -x; parse -b
OPTIND=1; getopts ":b:" o -b; echo "$o $OPTARG"
