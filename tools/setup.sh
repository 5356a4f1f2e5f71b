#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Checks that the Debian packages Glenda's build and tests need are installed.
# Installs what is missing when run as root; otherwise prints the one line
# that does and stops. Says nothing when all is there.
#
# usage: tools/setup.sh ARCH
set -eu

common="gcc libc6-dev clang lld make python3 meson ninja-build libcmocka-dev
	libfdt-dev device-tree-compiler gdb-multiarch clang-format clang-tidy
	cppcheck expect socat cpio xz-utils zstd libclang-rt-14-dev"
case ${1:-riscv64} in
riscv64)
	arch="gcc-riscv64-linux-gnu libc6-dev-riscv64-cross qemu-system-misc
		opensbi" ;;
x86_64)
	arch="qemu-system-x86"
	[ "$(uname -m)" = x86_64 ] ||
		arch="$arch gcc-x86-64-linux-gnu libc6-dev-amd64-cross" ;;
*)
	echo "setup: unknown architecture $1" >&2
	exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	echo "setup: Glenda builds on Debian 12; this machine has no apt." >&2
	echo "setup: packages needed:" $common $arch >&2
	exit 1
fi

missing=
for package in $common $arch; do
	state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) ||
		state=absent
	[ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
	echo "setup: some packages are missing; please run" >&2
	echo "    sudo apt-get install --no-install-recommends$missing" >&2
	exit 1
fi

# Another apt may be at work on this machine: wait for it.
apt="apt-get -qq -y -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "setup: installing$missing"
echo "setup: reading the package lists"
$apt update >"$log" 2>&1 || cat "$log" >&2
echo "setup: downloading and unpacking (a few minutes at first)"
if ! DEBIAN_FRONTEND=noninteractive $apt install --no-install-recommends \
	$missing >"$log" 2>&1; then
	tail -n 20 "$log" >&2
	echo "setup: apt-get failed; its last lines stand above" >&2
	exit 1
fi
echo "setup: done"
