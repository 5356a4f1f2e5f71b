#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Boot systems that end in a known way, and compare what the host sees.

usage: ends.py ARCH

Each case puts an init.toml of its own over the base archive and states the
status that the host must see and what the serial console must show, in order.
Keys may be typed at a moment that the console names.
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

SILENCE = 30    # seconds; the rescue console waits five


def victim(*arguments, extra=""):
    words = ", ".join(f'"{a}"' for a in ("9ball_victim",) + arguments)
    return f'image = "9ball_victim"\narguments = [{words}]\n{extra}\n'


def tool(name, *arguments, extra=""):
    words = ", ".join(f'"{a}"' for a in (name,) + arguments)
    return (f'image = "{name}"\narguments = [{words}]\n'
            f'supervisor = "power"\n{extra}\n')


def after_crash(*arguments):
    """svc with arguments, started when another service has surely crashed."""
    return ("[service.crasher]\n" + victim("crash") + "[service.gate]\n"
            + victim("serve", "300", extra="provides = 0x7f03")
            + "[service.tool]\n"
            + tool("svc", *arguments, extra='needs = ["gate"]')
            + "[service.end]\n"
            + victim(extra='session = true\nneeds = ["gate"]'))


class Case:
    """One system: name, init.toml, status, texts in order, keys to type."""

    def __init__(self, name, init, status, shows=(), keys=(), run="",
                 reason="", images=None, extra=()):
        self.name, self.init, self.status = name, init, status
        self.shows, self.keys, self.run = list(shows), list(keys), run
        self.reason = reason    # of the machine's end, as QEMU sees it
        # What stands in the archive instead: a program's name, bytes, None.
        self.images = images or {}
        self.extra = list(extra)    # more of QEMU's command line


VERBOSE = 'verbose = true\nargv = ["exit", "0"]\n'
SESSION = "[service.main]\n" + victim(extra="session = true")
SLEEPER = "[service.base]\n" + victim("sleep")
CASES = [
    Case("sessions_status_is_the_machines",
         "[service.main]\n" + victim("exit", "42", extra="session = true"), 42),
    Case("success_is_zero",
         "[service.main]\n" + victim("exit", "0", extra="session = true"), 0),
    Case("faulting_session_is_125",
         "[service.main]\n" + victim("crash", extra="session = true"), 125,
         ["service main faulted"]),
    Case("printed_text_forges_no_status",
         "[service.main]\n" + victim(extra="session = true"), 3,
         ["power off, status 0", "exit 0", "power off, status 3"],
         run='verbose = true\nargv = ["forge"]\n'),
    Case("power_tool_gives_its_status",
         SLEEPER + "[service.tool]\n" + tool("power", "off", "77"), 77),
    Case("reboot_resets_the_machine",
         SLEEPER + "[service.tool]\n" + tool("power", "reboot"), None,
         reason="guest-reset"),
    Case("services_stop_in_reverse_order",
         SLEEPER + "[service.middle]\n" + victim("sleep", extra='needs = ["base"]')
         + "[service.top]\n" + victim("sleep", extra='needs = ["middle"]')
         + "[service.end]\n"
         + victim(extra='session = true\nneeds = ["top"]'), 5,
         ["service base is ready", "service middle is ready",
          "service end ended", "service top ended", "service middle ended",
          "service base ended", "power off, status 5"],
         run='verbose = true\nargv = ["exit", "5"]\n'),
    Case("svc_prints_states", after_crash("status", "crasher"), 0,
         ["tool: crasher          ended"],
         run='verbose = true\nargv = ["nap", "1000"]\n'),
    Case("svc_prints_logs", after_crash("log", "crasher"), 0,
         ["tool: [", "crasher: these are my last words"],
         run='verbose = true\nargv = ["nap", "1000"]\n'),
    Case("svc_prints_the_whole_log", after_crash("log"), 0,
         [re.compile(r"tool: \[[ .\d]+\] factotum: \d+ KiB of memory\n"),
          re.compile(r"tool: \[[ .\d]+\] crasher: these are my last words\n")],
         run='verbose = true\nargv = ["nap", "1000"]\n'),
    Case("unknown_key_is_told_with_its_line",
         "[service.main]\n\nimagine = 3\n", 125,
         ["init.toml, line 3: unknown key 'imagine'", "--- log ---",
          "init.toml, line 3", "press a key"]),
    Case("broken_text_is_told_with_its_line",
         "[service.main]\nimage = \"x\n", 125, ["init.toml, line 2, column"]),
    Case("cycle_is_refused_at_load",
         "[service.a]\nneeds = [\"b\"]\n[service.b]\nneeds = [\"a\"]\n", 125,
         ["init.toml, line 1: service 'a' is part of", "cycle"]),
    Case("rescue_console_obeys",
         "[service.main]\nx = 1\n", 125,
         ["press a key", "rescue> ", "init", "1  [service.main]", "2  x = 1",
          "memory", "device ", "unknown; try help", "off"],
         [("press a key", b"\r"), ("rescue> ", b"init\r"),
          ("x = 1", b"memory\r"), ("memory ", b"what\r"),
          ("unknown; try help", b"off\r")]),
    Case("rescue_console_lists_what_was_given",
         "[service.main]\nx = 1\n", 125,
         ["rescue> ", re.compile(r"Untyped \d+, CNode 1, Frame \d+, [^\n]*"
                                 r"IrqControl 1, [^\n]*Console 1, Power 1, "),
          re.compile("KiB unused\n(memory|device) ")],
         [("press a key", b"\r"), ("rescue> ", b"memory\r"),
          ("memory ", b"off\r")]),
    Case("memory_and_interrupts_go_to_factotum", SESSION, 0,
         [re.compile(r"given: Untyped \d+, [^\n]*IrqControl 1, "),
          re.compile(r"kept: (?![^\n]*IrqControl)Untyped 1, [^\n]*, "
                     r"\d{1,4} KiB unused"),
          re.compile(r"factotum: 1[0-3]\d{4} KiB of memory")], run=VERBOSE),
    Case("devices_stay_with_9ball", SESSION, 0,
         [re.compile(r"given: [^\n]*Frame (?P<given>\d+), [^\n]*\n(?:.*\n)*?"
                     r"[^\n]*kept: [^\n]*Frame (?!\d, )\d+, ")], run=VERBOSE),
    Case("milestones_come_before_services", SLEEPER + SESSION, 0,
         ["Glenda on ", re.compile(r"9ball: 12[78] MiB of memory"), "9ball: factotum runs",
          "service base is ready"], run=VERBOSE),
    Case("missing_factotum_is_told", SESSION, 125,
         ["the boot archive has no factotum", "factotum cannot be started"],
         images={"factotum": None}),
    Case("bad_factotum_is_told", SESSION, 125,
         ["9ball: factotum: ", "factotum cannot be started"],
         images={"factotum": b"\x7fELF and nothing else"}),
    Case("factotums_fault_reaches_9ball", SESSION, 125,
         [re.compile(r"factotum died: page fault at 0x8 \(access 2\), pc 0x\w+ "
                     r"in runtime_main\+0x"), "--- log ---"],
         images={"factotum": "9ball_fault"}),
    Case("fault_of_9ball_panics_the_kernel", SESSION, None,
         ["KERNEL PANIC: 9Ball faulted: kind 1, address 0x8, pc 0x",
          "backtrace"],
         images={"9ball": "kernel_test"}, extra=["-append", "crash=self"]),
    Case("fault_of_9balls_second_thread_panics_too", SESSION, None,
         ["KERNEL PANIC: 9Ball faulted: kind 1, address 0x8, pc 0x",
          "backtrace"],
         images={"9ball": "kernel_test"}, extra=["-append", "crash=beside"]),
    Case("critical_service_ends_the_system_with_its_reason",
         SLEEPER + "[service.vital]\n"
         + victim("exit", "1", extra="critical = true"), 125,
         ["service vital failed: it is critical and ended", "--- log ---",
          "vital ended with status 1"]),
    Case("failed_boot_dumps_the_log",
         "[service.vital]\nimage = \"no_such_image\"\ncritical = true\n", 125,
         ["service vital failed: ", "--- log ---", "factotum: "]),
    Case("session_that_can_never_start_ends_the_system",
         "[service.a]\nimage = \"no_such_image\"\n[service.main]\n"
         + victim("sleep", extra='session = true\nneeds = ["a"]'), 125,
         ["service main cannot start: it needs a"]),
]


def converse(machine, case):
    """All that the console shows, typing what the case wants; None: silence."""
    seen, typed, keys = "", 0, list(case.keys)
    machine.uart.settimeout(SILENCE)
    while True:
        try:
            data = machine.uart.recv(1 << 16)
        except TimeoutError:
            return seen, False
        except OSError:
            data = b""
        if not data:
            return seen, True
        seen += data.decode(errors="replace").replace("\r", "")
        while keys and keys[0][0] in seen[typed:]:
            typed = seen.index(keys[0][0], typed) + len(keys[0][0])
            machine.uart.sendall(keys.pop(0)[1])


def end_status(machine):
    """The machine's status; None: it ended without one, as a restart may."""
    try:
        return machine.status(10)
    except machines.MachineError:
        return None


def end_reason(machine):
    """Why the machine ended; its last events stand in the control socket."""
    text = b""
    machine.qmp.settimeout(5)
    try:
        while data := machine.qmp.recv(1 << 16):
            text += data
    except OSError:
        pass
    found = re.search(rb'"SHUTDOWN".*?"reason": "([^"]*)"', text)
    return found[1].decode() if found else "none"


def judge(case, seen, status):
    """What is wrong, or an empty text."""
    at = 0
    for text in case.shows:
        pattern = text if isinstance(text, re.Pattern) else \
            re.compile(re.escape(text))
        found = pattern.search(seen, at)
        if not found:
            return f"the console does not show {text!r} in its place"
        at = found.end()
    if case.status is not None and status != case.status:
        return f"the machine ended with status {status}, not {case.status}"
    return ""


def run(arch, case, folder):
    programs = f"{TOP}/build/{arch}/programs"
    entries = mkimage.read_archive(machines.boot_archive(arch))
    entries += [mkimage.entry_of(f"9ball_victim={programs}/9ball_victim"),
                mkimage.Entry("init.toml", case.init.encode())]
    if case.run:
        entries.append(mkimage.Entry("run.toml", case.run.encode()))
    entries = [entry for entry in entries if entry.name not in case.images]
    for name, image in case.images.items():
        if isinstance(image, bytes):
            entries.append(mkimage.Entry(name, image))
        elif image:
            entries.append(mkimage.entry_of(f"{name}={programs}/{image}"))
    archive = os.path.join(folder, "boot.cpio")
    mkimage.write_archive(archive, entries)
    machine = machines.Machine(arch, archive, "128M", 1, case.extra)
    try:
        machine.start()
        seen, ended = converse(machine, case)
        if not ended:
            return seen, f"silent for {SILENCE} s"
        why = judge(case, seen, end_status(machine))
        reason = end_reason(machine) if case.reason else ""
        if not why and reason != case.reason:
            why = f"the machine ended by {reason}, not {case.reason}"
        return seen, why
    finally:
        machine.kill()


def main():
    arch = sys.argv[1]
    wanted = os.environ.get("TEST", "")
    failed = False
    for case in CASES:
        if wanted not in case.name:
            continue
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="glenda-") as folder:
            seen, why = run(arch, case, folder)
        if why:
            failed = True
            print("".join(f"| {line}\n" for line in seen.splitlines()[-30:]))
            print(f"FAIL {case.name}: {why}", flush=True)
        else:
            print(f"PASS {case.name}")
            print(f"# {time.monotonic() - began:.1f} s", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
