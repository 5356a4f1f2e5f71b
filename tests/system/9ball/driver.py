#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Kill drivers and servers under a running Linux shell, and see what it notices.

usage: driver.py ARCH

The committed init.toml gets one more service, which has 9Ball kill another one
again and again, while a shell script of Debian's busybox prints.
"""
import os
import re
import socket
import sys
import tempfile

TOP = os.path.dirname(os.path.abspath(__file__)) + "/../../.."
sys.path[:0] = [f"{TOP}/tools", f"{TOP}/tools/glenda",
                f"{TOP}/tests/system/kernel"]

import gdb  # noqa: E402
import machine as machines  # noqa: E402
import mkimage  # noqa: E402

SILENCE = 30
LINES = 500
SCRIPT = ("i=0; while [ $i -lt %d ]; do echo \"line $i of many\"; "
          "usleep 2000; i=$((i+1)); done; sh -c 'kill -USR1 $$'; "
          "echo status $?; echo the end; exit 9" % LINES)
# Kills once, or (always) at 0, 100, 300, 700 ms and so on after the gate.
GATE = """
[service.gate]
image = "9ball_victim"
arguments = ["9ball_victim", "serve", "400"]
provides = 0x7f03
"""
KILLER = """
[service.killer]
image = "svc"
arguments = ["svc", "kill", "%s"]
needs = ["gate"]
supervisor = "power"
restart = "%s"
"""
POWER = """
[service.power]
arguments = ["power", "off", "33"]
needs = ["gate"]
supervisor = "power"
"""
DEAF = "trap '' TERM; while :; do sleep 1; done"


# Symbols, and an instruction that does not exist.
ILLEGAL = {"riscv64": ("riscv64-linux-gnu-nm", b"\0\0\0\0"),
           "x86_64": ("x86_64-linux-gnu-nm", b"\x0f\x0b\x0f\x0b")}


def break_kernel(arch, path):
    """Have the kernel trip over itself in its next system call."""
    nm, code = ILLEGAL[arch]
    place = gdb.symbols(nm, f"{TOP}/build/{arch}/kernel/glenda.elf")["trap_syscall"]
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(SILENCE)
    connection.connect(path)        # this stops the machine
    stub = gdb.Stub(connection)
    if stub.run_to(place):
        stub.ask(f"M{place:x},{len(code):x}:{code.hex()}")
        stub.send("c")
    return connection


def boot(arch, more, folder, script=SCRIPT, at=None, extra=(), act=None):
    """The console's text and the machine's status, or why there is none; `act`
    when the console shows `at`."""
    with open(f"{TOP}/servers/9ball/init.toml", encoding="utf-8") as file:
        init = file.read() + GATE + more
    script = script.replace("\"", "\\\"")
    run = ('argv = ["/bin/busybox", "sh", "-c", "%s"]\ntty = true\nverbose = true\n'
           'rows = 24\ncolumns = 80\n' % script)
    entries = mkimage.read_archive(machines.boot_archive(arch))
    programs = f"{TOP}/build/{arch}/programs"
    entries += [mkimage.entry_of(f"9ball_victim={programs}/9ball_victim"),
                mkimage.Entry("init.toml", init.encode()),
                mkimage.Entry("run.toml", run.encode())]
    archive = os.path.join(folder, "boot.cpio")
    mkimage.write_archive(archive, entries)
    machine = machines.Machine(arch, archive, "128M", 1, list(extra))
    seen, kept = b"", None
    try:
        machine.start()
        machine.uart.settimeout(SILENCE)
        while True:
            try:
                data = machine.uart.recv(1 << 16)
            except TimeoutError:
                return seen, "silence"
            except OSError:
                data = b""
            if not data:
                return seen, machine.status(10)
            seen += data
            if at and at in seen:
                at, kept = None, act()
    except machines.MachineError as error:
        return seen, str(error)
    finally:
        machine.kill()
        if kept:
            kept.close()


def console_driver(arch, folder):
    """9Ball's words come between two lives, mid-line: they are cut out."""
    seen, status = boot(arch, KILLER % ("uart16550", "always"), folder)
    raw = seen.decode(errors="replace").replace("\r", "")
    kills = raw.count("service uart16550 ended with status 137")
    text = re.sub(r"\x1e|(9ball: |\[ *\d+\.\d+\] \w+: )[^\n]*\n", "", raw)
    lines = [int(n) for n in re.findall(r"^line (\d+) of many$", text, re.M)]
    print(f"# {kills} kills, {len(lines)} of {LINES} lines whole, status {status}")
    damaged = LINES - len(set(lines))
    return raw, {
        "console_driver_comes_back_and_output_resumes":
            "" if kills >= 2 and lines and lines[-1] == LINES - 1
            and "the end" in text else f"{kills} kills, last lines {lines[-3:]}",
        "killed_driver_damages_no_line":
            "" if kills and damaged == 0 and lines == sorted(lines)
            else f"{damaged} lines are missing after {kills} kills",
        "session_goes_on_without_its_console_driver":
            "" if kills and status == 9 else f"it ended with {status}, not 9",
    }


def restartable_server(arch, folder):
    """Tux comes back, and signals that it routes work again."""
    seen, status = boot(arch, KILLER % ("tux", "never"), folder)
    raw = seen.decode(errors="replace").replace("\r", "")
    kills = raw.count("service tux ended with status 137")
    session = raw[raw.find("line 0 of many"):raw.find("the end")]
    after = raw[raw.find("the end"):]
    return raw, {
        "nobody_prints_beside_the_console_driver":
            "" if session and "9ball" not in session
            and not re.search(r"\[ *\d+\.\d+\] \w+: ", session)
            and "service tux ended" in after
            else "9Ball spoke while the driver had the console",
        "shell_survives_the_death_of_tux":
            "" if kills and status == 9 and "the end" in raw
            else f"{kills} kills, status {status}",
        "signals_are_routed_by_the_next_tux":
            "" if kills and "status 138" in raw
            else "kill -USR1 did not end a shell with 138",
    }


def critical_server(arch, folder):
    """Without Gopher nothing goes on: the end comes, with its reason."""
    seen, status = boot(arch, KILLER % ("gopher", "never"), folder)
    raw = seen.decode(errors="replace").replace("\r", "")
    return raw, {
        "gophers_death_ends_the_system_with_its_reason":
            "" if status == 125 and "--- log ---" in raw
            and "service gopher failed: it is critical and ended" in raw
            else f"status {status}, or no reason on the console",
    }


def kernel_panic(arch, folder):
    """The one who may print beside the driver, in the middle of a line."""
    path = os.path.join(folder, "gdb")
    seen, _ = boot(arch, "", folder, at=b"line 20 of many",
                   extra=("-gdb", f"unix:{path},server=on,wait=off"),
                   act=lambda: break_kernel(arch, path))
    raw = seen.decode(errors="replace").replace("\r", "")
    return raw, {
        "a_panic_prints_beside_the_console_driver":
            "" if re.search(r"line 20 of(?s:.*)KERNEL PANIC: (?s:.*)backtrace\n",
                            raw) and f"line {LINES - 1} of" not in raw
            else "no panic, or not on the console",
    }


def deaf_session(arch, folder):
    """Who does not end when asked is named, and ended all the same."""
    seen, status = boot(arch, POWER, folder, DEAF)
    raw = seen.decode(errors="replace").replace("\r", "")
    return raw, {
        "service_that_blocks_shutdown_is_named":
            "" if status == 33
            and "service linux does not end; killing it" in raw
            else f"status {status}, or not named",
    }


def random_start(arch, folder):
    """Two boots that are alike but for the machine's seed: the clock counts
    instructions, and the calendar begins at the same second."""
    alike = ["-icount", "shift=0,sleep=off",
             "-rtc", "base=2026-01-01T00:00:00,clock=vm"]
    seen = [boot(arch, "", folder, "head -c 16 /dev/urandom | md5sum",
                 extra=alike)[0].decode(errors="replace") for _ in range(2)]
    sums = [re.findall(r"^([0-9a-f]{32})  -", text.replace("\x1e", ""), re.M)
            for text in seen]
    return "".join(seen), {
        "each_boot_begins_with_other_random_numbers":
            "" if all(len(one) == 1 for one in sums) and sums[0] != sums[1]
            and not any("without a seed" in text for text in seen)
            else f"sums {sums}, or no seed",
    }


def run(story, arch):
    """One story; whether it failed."""
    with tempfile.TemporaryDirectory(prefix="glenda-") as folder:
        text, whys = story(arch, folder)
    log = f"{TOP}/build/{arch}/log/9ball-{story.__name__}.console"
    os.makedirs(os.path.dirname(log), exist_ok=True)
    with open(log, "w", encoding="utf-8") as file:
        file.write(text)
    for name, why in whys.items():
        print(f"FAIL {name}: {why}" if why else f"PASS {name}", flush=True)
    if any(whys.values()):
        print("".join(f"| {line}\n" for line in text.splitlines()[-60:]))
    return any(whys.values())


def main():
    stories = (console_driver, restartable_server, critical_server,
               deaf_session, kernel_panic, random_start)
    failed = [run(story, sys.argv[1]) for story in stories]
    sys.exit(1 if any(failed) else 0)


if __name__ == "__main__":
    main()
