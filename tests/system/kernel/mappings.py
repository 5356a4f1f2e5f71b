#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Check what the kernel maps for itself, as QEMU's monitor sees it.

usage: mappings.py BUILD

Nothing is writable and executable; the image's text and constants are not
writable at any address, the physical map included; the page below each
kernel stack is not mapped. Prints a PASS or FAIL line for each."""
import re
import subprocess
import sys
import time
import typing

from run import MACHINES, arch_of, make_archive

PAGE = 4096
LARGE = 512 * PAGE
GUARDED = 3 * PAGE      # a guard page and a stack
STACKS = 8


def riscv64_rows(text):
    return [(int(v, 16), int(p, 16), int(s, 16), a) for v, p, s, a in
            re.findall(r"([0-9a-f]{16}) ([0-9a-f]{16}) ([0-9a-f]{16}) "
                       r"([rwxugad-]{7})", text)]


def x86_64_rows(text):
    """Flags are XGPDACTUW: X cannot be executed, P is a page of 2 MiB."""
    return [(int(v, 16), int(p, 16), LARGE if "P" in a else PAGE,
             "r" + ("w" if "W" in a else "") + ("" if "X" in a else "x"))
            for v, p, a in re.findall(r"([0-9a-f]{16}): ([0-9a-f]{16}) "
                                      r"([XGPDACTUW-]{9})", text)]


class Arch(typing.NamedTuple):
    load: int           # where the image lies in memory
    nm: str
    command: str        # of QEMU's monitor
    rows: typing.Callable


ARCHES = {
    "riscv64": Arch(0x80200000, "riscv64-linux-gnu-nm", "info mem",
                    riscv64_rows),
    "x86_64": Arch(0x200000, "x86_64-linux-gnu-nm", "info tlb", x86_64_rows),
}


def symbols(nm, path):
    text = subprocess.run([nm, path], check=True,
                          stdout=subprocess.PIPE).stdout.decode()
    return {name: int(value, 16) for value, name in
            re.findall(r"^([0-9a-f]+) \S (\S+)$", text, re.M)}


def mappings(build, arch, start):
    """(virtual, physical, size, attributes) once paging is as it stays."""
    process = subprocess.Popen(
        ["timeout", "120", *MACHINES[arch_of(build)], "-m", "64",
         "-display", "none", "-accel", "tcg", "-serial", "null", "-monitor",
         "stdio", "-kernel", f"{build}/kernel/glenda.image", "-initrd",
         make_archive(build)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    found = []
    try:
        for _ in range(200):
            process.stdin.write(f"{arch.command}\nhelp quit\n".encode())
            process.stdin.flush()
            text = b""
            while b"quit the emulator" not in text:
                line = process.stdout.readline()
                if not line:
                    raise SystemExit("FAIL kernel_mappings: QEMU ended")
                text += line
            found = arch.rows(text.decode())
            if any(row[0] == start and row[2] != LARGE for row in found):
                break
            time.sleep(0.05)
    finally:
        process.stdin.write(b"quit\n")
        process.stdin.close()
        process.stdout.read()
        process.wait()
    return found


def report(name, wrong):
    for virtual, physical, size, attributes in wrong:
        print(f"  {virtual:#x} -> {physical:#x}, {size:#x} {attributes}")
    print("FAIL" if wrong else "PASS", name)
    return bool(wrong)


def main():
    build = sys.argv[1]
    arch = ARCHES[arch_of(build)]
    names = symbols(arch.nm, f"{build}/kernel/glenda.elf")
    start = names["kernel_start"]
    rows = [row for row in mappings(build, arch, start) if row[0] >= 1 << 63]
    fixed_end = arch.load + names["kernel_rodata_end"] - start
    failed = report("kernel_image_is_mapped",
                    [] if any(row[0] == start for row in rows) else
                    [(start, arch.load, PAGE, "missing")])
    failed |= report("nothing_writable_and_executable",
                     [row for row in rows
                      if "w" in row[3] and "x" in row[3]])
    failed |= report("fixed_parts_are_not_writable",
                     [row for row in rows
                      if "w" in row[3] and row[1] < fixed_end and
                      row[1] + row[2] > arch.load])
    guards = [names["kernel_stacks"] + i * GUARDED for i in range(STACKS)]
    failed |= report("pages_below_stacks_are_not_mapped",
                     [row for row in rows for guard in guards
                      if row[0] < guard + PAGE and row[0] + row[2] > guard])
    sys.exit(failed)


if __name__ == "__main__":
    main()
