#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Boot to a shell on machines that differ, and have it work on each.

usage: boots.py ARCH

TEST=text runs the machines that have it in their names. A case passes when the
shell's output comes over the UART, what it says of the memory fits the machine,
what is typed reaches it, and the host sees its status.
"""
import os
import re
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.abspath(__file__)) + "/../../.."
sys.path[:0] = [f"{TOP}/tools", f"{TOP}/tools/glenda"]

import machine as machines  # noqa: E402
import mkimage  # noqa: E402

SILENCE = 60    # seconds
STATUS = 9
SCRIPT = "grep MemTotal: /proc/meminfo; read word; echo got $word; exit 9"
RUN = ('argv = ["/bin/busybox", "sh", "-c", "%s"]\ntty = true\nrows = 24\n'
       'columns = 80\n' % SCRIPT)

# name: (machine, memory in MiB, words for QEMU)
CASES = {
    "riscv64": {
        "virt_32_mib": ("virt", 32, ""),
        "virt_64_mib": ("virt", 64, ""),
        "virt_1_gib": ("virt", 1024, ""),
    },
    "x86_64": {
        "microvm_32_mib": ("microvm", 32, ""),
        "microvm_64_mib": ("microvm", 64, ""),
        "microvm_with_acpi": ("microvm", 64, "-M microvm,acpi=on"),
        "microvm_without_x2apic": ("microvm", 64, "-cpu max,-x2apic"),
        "q35_64_mib": ("q35", 64, ""),
        "q35_without_x2apic": ("q35", 64, "-cpu max,-x2apic"),
        "q35_without_deadline_timer": ("q35", 64, "-cpu max,-tsc-deadline"),
        "q35_without_pcid": ("q35", 64, "-cpu max,-pcid"),
        "q35_4_gib_around_the_hole": ("q35", 4096, ""),
    },
}


def converse(machine):
    """What the UART shows until the machine ends, typing one word."""
    seen, typed = b"", False
    machine.uart.settimeout(SILENCE)
    while True:
        try:
            data = machine.uart.recv(1 << 16)
        except OSError:
            data = b""
        if not data:
            return seen.decode(errors="replace")
        seen += data
        if b"MemTotal:" in seen and not typed:
            machine.uart.sendall(b"quokka\r")
            typed = True


def judge(text, status, memory):
    """What is wrong, or an empty text."""
    total = re.search(r"MemTotal: +(\d+) kB", text)
    if not total:
        return "the shell says nothing of the memory"
    # The kernel, the archive and 9Ball's own are not anybody else's.
    least, most = (memory - 16) * 1024 * 97 // 100, memory * 1024
    if not least <= int(total[1]) <= most:
        return f"{total[1]} KiB of memory, with {memory} MiB in the machine"
    if "got quokka" not in text:
        return "what was typed does not reach the shell"
    return "" if status == STATUS else f"status {status}, not {STATUS}"


def boot(arch, case, archive):
    kind, memory, words = case
    machine = machines.Machine(arch, archive, f"{memory}M", 1, words.split(),
                               kind)
    try:
        machine.start()
        text = converse(machine)
        try:
            status = machine.status(10)
        except machines.MachineError as error:
            status = error
        return text, judge(text, status, memory)
    finally:
        machine.kill()


def main():
    arch = sys.argv[1]
    failed = False
    with tempfile.TemporaryDirectory(prefix="glenda-") as folder:
        archive = os.path.join(folder, "boot.cpio")
        entries = mkimage.read_archive(machines.boot_archive(arch))
        entries.append(mkimage.Entry("run.toml", RUN.encode()))
        mkimage.write_archive(archive, entries)
        for name, case in CASES[arch].items():
            if os.environ.get("TEST", "") not in name:
                continue
            began = time.monotonic()
            text, why = boot(arch, case, archive)
            if why:
                failed = True
                print("".join(f"| {line}\n" for line in text.splitlines()[-20:]))
            print(f"FAIL {name}: {why}" if why else f"PASS {name}", flush=True)
            print(f"# {time.monotonic() - began:.1f} s", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
