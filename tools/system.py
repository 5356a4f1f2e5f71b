#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Boot an archive in QEMU and pass on what the tests inside print.

usage: system.py [--arch A] [--silence S] [--log FILE] NAME=FILE...

The files are put over the base boot archive. Whatever prints PASS, FAIL or
SKIP lines inside (prefixes of the log are cut off), the machine must end by
itself with status 0; a machine that falls silent, panics or ends otherwise is
a failure that shows its last output.
"""
import argparse
import os
import re
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(TOP, "tools"), os.path.join(TOP, "tools", "glenda")]

import machine as machines  # noqa: E402
import mkimage  # noqa: E402

RESULT = re.compile(r"^(?:\[[ .\d]+\] )?(?:[\w.-]+: )?((?:PASS|FAIL|SKIP) .*)$")


def console_lines(machine, silence, log):
    """Lines of the console until it closes; a long silence kills the machine."""
    pending = b""
    machine.uart.settimeout(silence)
    while True:
        try:
            data = machine.uart.recv(1 << 16)
        except TimeoutError:
            yield pending.decode(errors="replace")
            yield f"FAIL machine: silent for {silence} s"
            machine.kill()
            return
        except OSError:
            data = b""
        log.write(data)
        log.flush()
        pending += data
        while b"\n" in pending:
            line, pending = pending.split(b"\n", 1)
            yield line.decode(errors="replace").strip("\r\x1e")
        if not data:
            yield pending.decode(errors="replace")
            return


def boot(args, folder):
    entries = mkimage.read_archive(machines.boot_archive(args.arch))
    entries += [mkimage.entry_of(entry) for entry in args.entries]
    archive = os.path.join(folder, "boot.cpio")
    mkimage.write_archive(archive, entries)
    return machines.Machine(args.arch, archive, args.mem, 1, args.qemu.split(),
                            args.machine)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--arch", default="riscv64")
    parser.add_argument("--machine", default="")
    parser.add_argument("--mem", default="128M")
    parser.add_argument("--silence", type=float, default=60)
    parser.add_argument("--qemu", default="")
    parser.add_argument("--log", default=os.devnull)
    parser.add_argument("entries", nargs="*", metavar="NAME=FILE")
    args = parser.parse_args()
    os.makedirs(os.path.dirname(args.log), exist_ok=True)
    results, began = 0, time.monotonic()
    with tempfile.TemporaryDirectory(prefix="glenda-") as folder, \
            open(args.log, "wb") as log:
        machine = boot(args, folder)
        try:
            machine.start()
            for line in console_lines(machine, args.silence, log):
                match = RESULT.match(line)
                results += bool(match)
                print(match[1] if match else line, flush=True)
            status = machine.status(10)
        finally:
            machine.kill()
    if status != 0:
        print(f"FAIL machine: it ended with status {status}")
    elif results == 0:
        print("FAIL machine: no test reported a result")
    print(f"machine ended after {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    try:
        main()
    except (machines.MachineError, OSError, ValueError) as error:
        print(f"FAIL machine: {error}")
