#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Boots Glenda stopped at its first instruction, with gdb attached and the
# script that knows the kernel's objects loaded. `continue` lets it run; the
# console goes to build/ARCH/log/debug.console.
#
# usage: tools/debug.sh ARCH
set -eu
arch=${1:-riscv64}
cd "$(dirname "$0")/.."
build=build/$arch
mkdir -p "$build/log"
socket=$(mktemp -u)
case $arch in
riscv64)
	machine="qemu-system-riscv64 -M virt -accel tcg -cpu rv64"
	kernel=glenda.image ;;
x86_64)
	machine="qemu-system-x86_64 -M microvm,acpi=off -accel tcg -cpu max"
	kernel=glenda.elf ;;
*)
	echo "debug: unknown architecture $arch" >&2
	exit 2 ;;
esac
$machine -m 128M -display none -nodefaults -no-reboot \
	-serial "file:$build/log/debug.console" -S \
	-chardev "socket,id=gdb,path=$socket,server=on,wait=off" -gdb chardev:gdb \
	-kernel "$build/kernel/$kernel" -initrd "$build/boot.cpio" &
qemu=$!
trap 'kill "$qemu" 2>/dev/null; rm -f "$socket"' EXIT
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ -S "$socket" ] && break
	sleep 0.1
done
gdb-multiarch -q "$build/kernel/glenda.elf" -x tools/gdb/glenda.py \
	-ex "target remote $socket" ${GDB_COMMANDS:+-x "$GDB_COMMANDS"}
