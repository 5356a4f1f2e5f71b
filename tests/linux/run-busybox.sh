#!/bin/busybox sh
# SPDX-License-Identifier: MIT
# Runs parts of busybox's own test suite inside the guest and prints, between
# frames, a line per test. A part is an applet's name, or ash-FOLDER for one
# folder of the shell's tests. Each part has a time limit of its own.
#
#   run-busybox.sh [-t SECONDS] PART...
#
# Frames: @@part NAME, then PASS/FAIL/SKIPPED/UNTESTED: TEST lines, then
# @@part-end NAME STATUS, and @@done at last.

limit=120
if [ "$1" = -t ]; then
	limit=$2
	shift 2
fi
TESTS=${0%/*}
bb=$TESTS/busybox
suite=/tmp/suite
$bb mkdir -p /tmp/bin $suite
for applet in $($bb --list); do
	$bb ln -s "$bb" "/tmp/bin/$applet"
done
PATH=/tmp/bin
export PATH
[ -e /bin/sh ] || { mkdir -p /bin && ln -s "$bb" /bin/sh; }
cd $suite || exit 1
tar xf "$TESTS/suite.tar"
cp "$TESTS/busybox" busybox

# One test of the shell: what it prints must be what its author expects.
shell_test()
{
	name=${1%.tests}
	timeout -s KILL 60 "$suite/ash_test/ash" "./$1" >/tmp/got 2>&1
	status=$?
	[ $status = 77 ] && echo "SKIPPED: $name" && return
	sed -i -e "/: invalid option /s:'::g" /tmp/got
	if [ $status != 137 ] && cmp -s /tmp/got "$name.right"; then
		echo "PASS: $name"
	else
		echo "FAIL: $name"
	fi
}

part_run()
{
	case $1 in
	ash-*)
		cd "$suite/ash_test/$1" || return
		eval "$(sed -e '/^#/d' -e 's/^/export /' $suite/.config)"
		PATH=$suite/ash_test:$PATH
		THIS_SH=$suite/ash_test/ash
		export THIS_SH
		for file in *.tests; do
			[ -f "${file%.tests}.right" ] && shell_test "$file"
		done
		;;
	*)
		cd $suite/testsuite || return
		timeout -s KILL "$limit" sh ./runtest "$1"
		;;
	esac
}

for part in "$@"; do
	echo "@@part $part"
	(part_run "$part") </dev/null >/tmp/part 2>/tmp/part.err
	status=$?
	grep -a -E '^(PASS|FAIL|SKIPPED|UNTESTED): ' /tmp/part
	echo "@@part-end $part $status"
done
echo "@@done"
