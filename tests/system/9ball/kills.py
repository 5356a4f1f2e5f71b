#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Kill drivers while bytes pass in both directions, and compare every byte.

usage: kills.py ARCH

The committed init.toml gets a service that has 9Ball end the drivers again and
again at random moments (killer.c; SEED repeats them), amid what they do where
the killer comes before them, while a program of Debian's busybox copies what
this one sends until all kills are done.
"""
import os
import re
import select
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.abspath(__file__)) + "/../../.."
sys.path[:0] = [f"{TOP}/tools", f"{TOP}/tools/glenda"]

import machine as machines  # noqa: E402
import mkimage  # noqa: E402

KILLS = 60
SILENCE = 30
LIMIT = 100
SEED = int(os.environ.get("SEED") or time.time()) % 1000000007
GATE = """
[service.gate]
image = "9ball_victim"
arguments = ["9ball_victim", "serve", "150"]
provides = 0x7f03

[service.killer]
image = "9ball_killer"
arguments = ["9ball_killer", "%d", "%d", %s]
needs = ["gate"]
supervisor = "power"
priority = %d
"""
# Before the drivers, whose priority is 180, or after them: an access to an I/O
# port is a call, and no call and store are one step, so a driver of ports can
# be killed between its deeds only if nothing shall be lost or doubled.
AMID, BETWEEN = 185, 175
CONSOLE = {"riscv64": AMID, "x86_64": BETWEEN}
DONE = b"killer: all kills are done"
# What 9Ball has to say waits until the driver is dead: whole lines, wherever
# that was.
OTHERS = re.compile(rb"(?:9ball: |\[ *\d+\.\d+\] \w+: )[^\n]*\n")


class Run:
    """A machine whose program copies; what was sent and what came."""

    def __init__(self, arch, services, script, priority, folder):
        self.tty = services == ["uart16550"]
        names = ", ".join(f'"{name}"' for name in services)
        with open(f"{TOP}/servers/9ball/init.toml", encoding="utf-8") as file:
            init = file.read() + GATE % (KILLS, SEED, names, priority)
        run = (f'argv = ["/bin/busybox", "sh", "-c", "{script}"]\n'
               f'tty = {str(self.tty).lower()}\nverbose = true\n'
               'rows = 24\ncolumns = 80\n')
        programs = f"{TOP}/build/{arch}/programs"
        entries = mkimage.read_archive(machines.boot_archive(arch))
        entries += [mkimage.entry_of(f"{name}={programs}/{name}")
                    for name in ("9ball_victim", "9ball_killer")]
        entries += [mkimage.Entry("init.toml", init.encode()),
                    mkimage.Entry("run.toml", run.encode())]
        archive = os.path.join(folder, "boot.cpio")
        mkimage.write_archive(archive, entries)
        self.machine = machines.Machine(arch, archive, "128M", 1, [])
        self.came = {name: b"" for name in ("uart", "stream0", "stream1")}
        self.sent = b""
        self.number = 0
        self.waiting = b""
        self.ended = False

    def more(self):
        """The next bytes for the guest; the end once all kills are done."""
        if self.waiting or self.ended:
            return
        if self.tty and b"ready" not in self.came["uart"]:
            return
        if DONE in self.came["uart"]:
            self.ended = True
            self.waiting = b"\x04" if self.tty else b"\0\0"
            return
        lines = b""
        for _ in range(8 if self.tty else 64):
            self.number += 1
            lines += b"%d is the number of this line\n" % self.number
        self.sent += lines
        self.waiting = lines
        if not self.tty:
            self.waiting = len(lines).to_bytes(2, "little") + lines

    def step(self):
        """Pass on what can be; False when the machine has ended."""
        sockets = {name: getattr(self.machine, name) for name in self.came}
        target = sockets["uart" if self.tty else "stream0"]
        self.more()
        ready, writable, _ = select.select(
            list(sockets.values()), [target] if self.waiting else [], [],
            SILENCE)
        if not ready and not writable:
            raise TimeoutError
        for name, socket in sockets.items():
            if socket not in ready:
                continue
            data = socket.recv(1 << 16)
            self.came[name] += data
            if not data and name == "uart":
                return False
        if writable:
            self.waiting = self.waiting[target.send(self.waiting[:4096]):]
        return True

    def go(self):
        """The machine's status, or why there is none."""
        limit = time.monotonic() + LIMIT
        try:
            self.machine.start()
            while self.step():
                if time.monotonic() > limit:
                    return f"not done within {LIMIT} s"
            return self.machine.status(10)
        except TimeoutError:
            return "silence"
        except OSError:
            return self.machine.status(10)
        finally:
            self.machine.kill()


def difference(came, wanted):
    """Where two byte strings part, or nothing."""
    if came == wanted:
        return ""
    at = next((i for i, (a, b) in enumerate(zip(came, wanted)) if a != b),
              min(len(came), len(wanted)))
    return (f"{len(came)} of {len(wanted)} bytes, the first difference at "
            f"{at}: {came[at - 20:at + 20]!r}, not {wanted[at - 20:at + 20]!r}")


def console(arch, folder):
    run = Run(arch, ["uart16550"],
              "stty -echo; echo ready; cat; exit 9", CONSOLE[arch], folder)
    status = run.go()
    raw = run.came["uart"]
    kills = raw.count(b"service uart16550 ended with status")
    text = OTHERS.sub(b"", raw)
    text = text[text.find(b"ready\r\n") + 7:]
    why = difference(text, run.sent.replace(b"\n", b"\r\n"))
    print(f"# console: {kills} kills, {len(run.sent)} bytes, status {status}")
    return raw, kills, status, {
        "no_byte_of_the_console_is_lost_or_doubled": why}


def streams(arch, folder):
    run = Run(arch, ["stream0", "stream1"], "tee /dev/stream1; exit 9", AMID,
              folder)
    status = run.go()
    raw = run.came["uart"]
    kills = min(raw.count(b"service stream%d ended with status" % i)
                for i in (0, 1))
    print(f"# streams: {kills} kills each at least, {len(run.sent)} bytes, "
          f"status {status}")
    return raw, kills, status, {
        "no_byte_of_standard_input_or_output_is_lost_or_doubled":
            difference(run.came["stream0"], run.sent),
        "no_byte_of_standard_error_is_lost_or_doubled":
            difference(run.came["stream1"], run.sent),
    }


def main():
    arch = sys.argv[1]
    failed = False
    print(f"# seed {SEED}", flush=True)
    for story, name in ((console, "console"), (streams, "streams")):
        with tempfile.TemporaryDirectory(prefix="glenda-") as folder:
            raw, kills, status, whys = story(arch, folder)
        log = f"{TOP}/build/{arch}/log/9ball-kills-{name}.console"
        os.makedirs(os.path.dirname(log), exist_ok=True)
        with open(log, "wb") as file:
            file.write(raw)
        whys[f"{name}_goes_on_through_many_kills"] = (
            "" if status == 9 and kills >= KILLS / 4
            else f"{kills} kills, status {status}")
        for case, why in whys.items():
            print(f"FAIL {case}: {why}" if why else f"PASS {case}", flush=True)
        failed |= any(whys.values())
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
