#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Builds picolibc for one architecture without floating-point registers, as
# Glenda's servers need it, with integer-only formatted output.
#
# usage: tools/picolibc.sh ARCH CC AR FLAGS SOURCE DESTINATION
set -eu

arch=$1 cc=$2 ar=$3 flags=$4 source=$5
mkdir -p "$6"
destination=$(cd "$6" && pwd)
case $arch in
riscv64) family=riscv64 cpu=riscv ;;
x86_64) family=x86_64 cpu=x86_64 ;;
*) echo "picolibc: unknown architecture $arch" >&2; exit 2 ;;
esac

# Where floating-point numbers travel in vector registers, functions that take
# or return some cannot be compiled without these. Such a file gets them after
# all: nothing of ours calls it, and tools/vectors.py proves of each image that
# none is in it.
case " $flags " in
*" -mgeneral-regs-only "*)
	cat >"$destination/cc" <<END
#!/bin/sh
errors=\$($cc -mgeneral-regs-only "\$@" 2>&1) && {
	printf '%s' "\$errors"
	exit
}
case \$errors in
*"SSE disabled"* | *"x87 disabled"* | *"-mgeneral-regs-only"*) exec $cc "\$@" ;;
*) printf '%s\n' "\$errors" >&2; exit 1 ;;
esac
END
	chmod +x "$destination/cc"
	cc=$destination/cc
	flags=$(echo "$flags" | sed 's/-mgeneral-regs-only//') ;;
esac

quoted=$(for flag in $flags -fno-stack-protector \
	-fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections; do
	printf "'%s', " "$flag"
done)
cat >"$destination/cross.txt" <<END
[binaries]
c = ['$cc', '-nostdlib']
ar = '$ar'
as = '${ar%ar}as'
nm = '${ar%ar}nm'
strip = '${ar%ar}strip'

[host_machine]
system = 'none'
cpu_family = '$family'
cpu = '$cpu'
endian = 'little'

[properties]
skip_sanity_check = true

[built-in options]
c_args = [${quoted}]
END

log=$destination/build.log
if ! {
	rm -rf "$destination/obj" &&
	meson setup "$destination/obj" "$source" \
		--cross-file "$destination/cross.txt" \
		--prefix "$destination" --libdir lib --includedir include \
		--buildtype release -Db_staticpic=false \
		-Dmultilib=false -Dtests=false -Dpicocrt=false \
		-Dsemihost=false -Dthread-local-storage=false \
		-Dspecsdir=none -Dformat-default=integer \
		-Dposix-console=false -Dwant-math-errno=false &&
	ninja -C "$destination/obj" &&
	ninja -C "$destination/obj" install
} >"$log" 2>&1; then
	tail -n 20 "$log" >&2
	echo "picolibc: build failed; the whole log is $log" >&2
	exit 1
fi
