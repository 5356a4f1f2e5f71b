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

from run import make_archive

PAGE = 4096
GUARDED = 3 * PAGE      # a guard page and a stack
STACKS = 8
LOAD = 0x80200000


def symbols(path):
    text = subprocess.run(["riscv64-linux-gnu-nm", path], check=True,
                          stdout=subprocess.PIPE).stdout.decode()
    return {name: int(value, 16) for value, name in
            re.findall(r"^([0-9a-f]+) \S (\S+)$", text, re.M)}


def mappings(build):
    """(virtual, physical, size, attributes) once paging is on."""
    process = subprocess.Popen(
        ["timeout", "120", "qemu-system-riscv64", "-M", "virt", "-m", "64",
         "-display", "none", "-accel", "tcg", "-serial", "null", "-monitor",
         "stdio", "-kernel", f"{build}/kernel/glenda.image", "-initrd",
         make_archive(build)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    found = []
    try:
        for _ in range(200):
            process.stdin.write(b"info mem\nhelp quit\n")
            process.stdin.flush()
            text = b""
            while b"quit the emulator" not in text:
                line = process.stdout.readline()
                if not line:
                    raise SystemExit("FAIL kernel_mappings: QEMU ended")
                text += line
            found = re.findall(rb"([0-9a-f]{16}) ([0-9a-f]{16}) "
                               rb"([0-9a-f]{16}) ([rwxugad-]{7})", text)
            if any(row[0].startswith(b"ffffffff8") for row in found):
                break
            time.sleep(0.05)
    finally:
        process.stdin.write(b"quit\n")
        process.stdin.close()
        process.stdout.read()
        process.wait()
    return [(int(v, 16), int(p, 16), int(s, 16), a.decode())
            for v, p, s, a in found]


def report(name, wrong):
    for virtual, physical, size, attributes in wrong:
        print(f"  {virtual:#x} -> {physical:#x}, {size:#x} {attributes}")
    print("FAIL" if wrong else "PASS", name)
    return bool(wrong)


def main():
    build = sys.argv[1]
    names = symbols(f"{build}/kernel/glenda.elf")
    rows = [row for row in mappings(build) if row[0] >= 1 << 63]
    start = names["kernel_start"]
    fixed_end = LOAD + names["kernel_rodata_end"] - start
    failed = report("kernel_image_is_mapped",
                    [] if any(row[0] == start for row in rows) else
                    [(start, LOAD, PAGE, "missing")])
    failed |= report("nothing_writable_and_executable",
                     [row for row in rows
                      if "w" in row[3] and "x" in row[3]])
    failed |= report("fixed_parts_are_not_writable",
                     [row for row in rows
                      if "w" in row[3] and row[1] < fixed_end and
                      row[1] + row[2] > LOAD])
    guards = [names["kernel_stacks"] + i * GUARDED for i in range(STACKS)]
    failed |= report("pages_below_stacks_are_not_mapped",
                     [row for row in rows for guard in guards
                      if row[0] < guard + PAGE and row[0] + row[2] > guard])
    sys.exit(failed)


if __name__ == "__main__":
    main()
