# SPDX-License-Identifier: MIT
"""Tests of the tools: boot archives, refusals of `glenda run`, the rows table,
and what the test runner makes of suites that fail in every way."""
import os
import struct
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tools"))

import mkimage  # noqa: E402
import rows  # noqa: E402
import test as runner  # noqa: E402

ARCH = os.environ.get("ARCH", "riscv64")
BUSYBOX = os.path.join(TOP, "build", ARCH, "debian/usr/bin/busybox")


def want(condition, reason):
    if not condition:
        raise AssertionError(reason)


def write(path, data, mode=0o755):
    with open(path, "wb") as file:
        file.write(data)
    os.chmod(path, mode)
    return path


def archive_data_lies_on_pages(folder):
    path = os.path.join(folder, "a.cpio")
    # Long enough to be found nowhere else, the headers included.
    data = {f"dir/file{n}": os.urandom(n * 1777 + 16) for n in range(9)}
    mkimage.write_archive(path, [mkimage.Entry(n, d) for n, d in data.items()])
    with open(path, "rb") as file:
        raw = file.read()
    for name, content in data.items():
        want(raw.find(content) % 4096 == 0, f"{name} is not on a page")


def archive_is_read_by_cpio(folder):
    path = os.path.join(folder, "b.cpio")
    mkimage.write_archive(path, [
        mkimage.Entry("z/empty"), mkimage.Entry("a", b"x" * 5000),
        mkimage.Entry("link", b"a", 0o120777)])
    listing = subprocess.run(["cpio", "-it", "--quiet"], stdin=open(path, "rb"),
                             capture_output=True, check=True, text=True)
    want(listing.stdout.split() == ["a", "link", "z", "z/empty"], listing.stdout)
    subprocess.run(["cpio", "-id", "--quiet"], stdin=open(path, "rb"), cwd=folder,
                   check=True)
    want(os.readlink(f"{folder}/link") == "a", "the link is lost")
    want(open(f"{folder}/link", "rb").read() == b"x" * 5000, "content differs")


def archive_survives_a_round_trip(folder):
    one, two = os.path.join(folder, "1.cpio"), os.path.join(folder, "2.cpio")
    mkimage.write_archive(one, [mkimage.Entry("f", b"1"), mkimage.Entry("g/h", b"2")])
    mkimage.write_archive(two, mkimage.read_archive(one))
    want(open(one, "rb").read() == open(two, "rb").read(), "archives differ")


def refused(program, status, words):
    done = subprocess.run([os.path.join(TOP, "glenda"), "run", "--", program],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=60, check=False)
    want(done.returncode == status, f"status {done.returncode}, not {status}")
    want(done.stderr.count("\n") == 1 and done.stderr.startswith("glenda: "),
         f"not one line: {done.stderr!r}")
    want(words in done.stderr, f"{words!r} is not in {done.stderr!r}")
    want(done.stdout == "", "something on standard output")


def elf():
    with open(BUSYBOX, "rb") as file:
        return bytearray(file.read())


def run_refuses_what_is_not_there(folder):
    refused(f"{folder}/absent", 127, "no such file")
    refused("absent-everywhere", 127, "not found in PATH")


def run_refuses_what_is_no_program(folder):
    refused(folder, 126, "is a folder")
    refused(write(f"{folder}/plain", b"text", 0o644), 126, "not executable")
    refused(write(f"{folder}/text", b"hello"), 126, "neither an ELF")
    refused(write(f"{folder}/none", b""), 126, "neither an ELF")


def run_refuses_another_architecture(folder):
    image = elf()
    struct.pack_into("<H", image, 18, 183)
    refused(write(f"{folder}/arm", image), 126, "is a program for aarch64")


def run_refuses_malformed_programs(folder):
    refused(write(f"{folder}/cut", elf()[:30]), 126, "header is cut off")
    refused(write(f"{folder}/half", elf()[:5000]), 126, "past the file's end")
    image = elf()
    struct.pack_into("<Q", image, 32, 1 << 62)
    refused(write(f"{folder}/far", image), 126, "headers are cut off")
    image = elf()
    struct.pack_into("<Q", image, 24, 8)
    refused(write(f"{folder}/entry", image), 126, "entry point")
    image = elf()
    struct.pack_into("<H", image, 56, 0)
    refused(write(f"{folder}/empty", image), 126, "no valid program headers")


def rows_tell_done_partial_and_open(_folder):
    results = {"unit/a/x": ("PASS", ""), "unit/a/y": ("PASS", ""),
               "unit/b/x": ("FAIL", "why"), "unit/c/x": ("SKIP", "why")}

    def state(whole, *tests):
        return rows.judge({"whole": whole, "tests": list(tests)}, results)

    want(state(True, "unit/a")[0] == "done", "a whole row that passed")
    want(state(False, "unit/a/x")[0] == "partial", "a row with clauses left")
    want(state(True, "unit/b/x")[0] == "open", "a failed test")
    want(state(True)[0] == "open", "a row without tests")
    want(state(True, "unit/none")[1], "a test that does not exist")
    want(state(True, "unit/c/x")[1], "a test that was skipped")
    want(state(True, "unit/a", "unit/c")[0] == "open", "one of two skipped")
    entry = {"tests": ["unit/a/x"], "x86_64": ["unit/b/x"],
             "whole": ["riscv64"]}
    want(rows.judge(entry, results)[0] == "done", "whole where it says so")
    want(rows.judge(entry, results, "x86_64")[0] == "open",
         "a test of one architecture")


def suite_results(folder, text, silence=30):
    """What the runner records of a shell script as a suite."""
    script = write(f"{folder}/suite.sh", f"#!/bin/sh\n{text}\n".encode())
    code = ("import sys; sys.path.insert(0, 'tools'); import test\n"
            f"test.SILENCE['suite'] = {silence}\n"
            f"r = test.Runner({ARCH!r}, '', 1, 1)\n"
            f"r.logs = {folder!r}\n"
            f"r.run(test.Suite('suite', 's', {script!r}))\n"
            "print('=', r.results)\n")
    done = subprocess.run([sys.executable, "-c", code], cwd=TOP, text=True,
                          capture_output=True, check=True, timeout=60)
    return eval(done.stdout.split("\n= ")[-1].removeprefix("= "))


def runner_records_each_verdict(folder):
    got = suite_results(folder, "echo PASS a; echo 'FAIL b: bad'; "
                                "echo 'SKIP c: none'; exit 1")
    want(got == {"suite/s/a": ("PASS", ""), "suite/s/b": ("FAIL", "bad"),
                 "suite/s/c": ("SKIP", "none")}, got)


def runner_fails_a_suite_that_dies_or_says_nothing(folder):
    want(suite_results(folder, "echo PASS a; exit 3")["suite/s"][0] == "FAIL",
         "an error status was overlooked")
    want(suite_results(folder, "true")["suite/s"][0] == "FAIL",
         "no result was overlooked")
    want(suite_results(folder, "/no/such/program")["suite/s"][0] == "FAIL",
         "a command that is not there was overlooked")


def runner_fails_a_suite_that_hangs(folder):
    got = suite_results(folder, "echo PASS a; sleep 1000", silence=1)
    want(got["suite/s"] == ("FAIL", "silent for 1 s"), got)


def closing_line_counts(_folder):
    line = runner.closing_line({"a": ("PASS", ""), "b": ("FAIL", ""),
                                "c": ("PASS", ""), "d": ("SKIP", "")})
    want(line == "2 passed, 1 failed, 1 skipped", line)


def main():
    status = 0
    for name, case in list(globals().items()):
        if getattr(case, "__code__", None) and case.__code__.co_varnames[:1] in (
                ("folder",), ("_folder",)) and case.__code__.co_argcount == 1:
            try:
                with tempfile.TemporaryDirectory(prefix="glenda-") as folder:
                    case(folder)
                print(f"PASS {name}", flush=True)
            except (AssertionError, OSError, subprocess.SubprocessError) as error:
                print(f"FAIL {name}: {error}", flush=True)
                status = 1
    sys.exit(status)


if __name__ == "__main__":
    main()
