#!/bin/busybox sh
# SPDX-License-Identifier: MIT
# Runs the cases of this folder inside the guest, one after another, and
# prints what each did in frames that survive a serial console. Needs nothing
# but busybox. Every case gets a fresh working folder, an empty standard
# input, a small fixed environment and a time limit; one that hangs or crashes
# does not end the rest.
#
#   run-cases.sh [-t SECONDS] [NAME...]      no name: those in ./list, or all
#
# Frames: @@case NAME / @@status N / @@stdout LENGTH SHA256 + base64 lines of
# the first bytes / @@stderr the same / @@end NAME, and @@done COUNT at last.

limit=30
keep=3000
if [ "$1" = -t ]; then
	limit=$2
	shift 2
fi
TESTS=${0%/*}
bb=$TESTS/busybox
work=/tmp/work

# One folder of links, so that applets are found by name on every system.
if [ ! -e /tmp/bin/true ]; then
	$bb mkdir -p /tmp/bin
	for applet in $($bb --list); do
		$bb ln -s "$bb" "/tmp/bin/$applet"
	done
	$bb ln -s "$TESTS/bash" /tmp/bin/bash
	[ -e /bin/sh ] || { $bb mkdir -p /bin && $bb ln -s "$bb" /bin/sh; }
fi
PATH=/tmp/bin:$TESTS/bin
[ -f "$TESTS/path" ] && PATH=$($bb cat "$TESTS/path")
export PATH

stream_print()
{
	set -- "$1" "$2" $($bb wc -c <"$2") $($bb sha256sum <"$2")
	echo "@@$1 $3 $4"
	$bb head -c $keep "$2" | $bb base64
}

case_run()
{
	case_file=
	for file in "$TESTS/cases/$1.sh" "$TESTS/cases/$1.bash" \
		"$TESTS/cases/$1.dynamic"; do
		[ -f "$file" ] && case_file=$file
	done
	case $case_file in
	*.bash)	set -- "$1" "$TESTS/bash" "$case_file" ;;
	*.dynamic) set -- "$1" /bin/bash "$case_file" ;;
	*.sh)	set -- "$1" "$bb" sh "$case_file" ;;
	*)	set -- "$1" "$TESTS/bin/cases" "$1" ;;
	esac
	$bb rm -rf $work
	$bb mkdir -p "$work/$1"
	echo "@@case $1"
	(
		cd "$work/$1" || exit 99
		shift
		exec $bb env -i "PATH=$PATH" HOME=/tmp LC_ALL=C TZ=UTC0 \
			"TESTS=$TESTS" \
			$bb timeout -s KILL "$limit" "$@"
	) </dev/null >/tmp/stdout 2>/tmp/stderr
	echo "@@status $?"
	stream_print stdout /tmp/stdout
	stream_print stderr /tmp/stderr
	echo "@@end $1"
}

if [ $# = 0 ] && [ -f "$TESTS/list" ]; then
	set -- $($bb cat "$TESTS/list")
fi
if [ $# = 0 ]; then
	set -- $($bb cat "$TESTS/all")
fi
count=0
for name in "$@"; do
	case_run "$name"
	count=$((count + 1))
done
echo "@@done $count"
