#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run the kernel's tests in QEMU and pass on what they print.

usage: run.py BUILD [SECONDS]

Needs BUILD/kernel/glenda.image and BUILD/programs/kernel_test. Figures go to
BUILD/kernel-figures.tsv (operation, value, unit). Ends with status 1 when a
case failed, or when the tests did not come to their end: then the output so
far, and a panic if there was one, stand above."""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.abspath(__file__)) + "/../../.."
MACHINES = {
    "riscv64": ["qemu-system-riscv64", "-M", "virt"],
    "x86_64": ["qemu-system-x86_64", "-M", "microvm,acpi=off", "-cpu", "max"],
}
QEMU = ["-m", "64", "-nographic", "-no-reboot", "-accel", "tcg",
        "-icount", "shift=0,sleep=off"]


def arch_of(build):
    return os.path.basename(os.path.normpath(build))


def make_archive(build):
    archive = f"{build}/kernel-test.cpio"
    subprocess.run([sys.executable, f"{ROOT}/tools/mkimage.py", "-o", archive,
                    f"9ball={build}/programs/kernel_test"], check=True)
    return archive


def run(build, seconds):
    archive = make_archive(build)
    command = MACHINES[arch_of(build)] + QEMU + [
        "-kernel", f"{build}/kernel/glenda.image",
        "-initrd", archive]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, timeout=seconds,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.stdout, False
    except subprocess.TimeoutExpired as expired:
        return expired.stdout or b"", True


def main():
    build = sys.argv[1]
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    output, hung = run(build, seconds)
    lines = output.decode("utf-8", "replace").replace("\r", "").splitlines()
    with open(f"{build}/kernel-figures.tsv", "w", encoding="ascii") as figures:
        for line in lines:
            print(line)
            found = re.match(r"FIGURE (\S+) (\d+) (\S+)$", line)
            if found:
                figures.write("\t".join(found.groups()) + "\n")
    ended = any(re.match(r"\d+ passed, \d+ failed", line) for line in lines)
    if not ended:
        print("FAIL kernel_tests_end:", "no end within the time" if hung
              else "the machine stopped early")
    failed = any(line.startswith("FAIL ") for line in lines)
    sys.exit(1 if failed or not ended else 0)


if __name__ == "__main__":
    main()
