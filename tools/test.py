#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run every suite, print one line per test, and close with the counts.

usage: test.py [--arch A[,B]] [--only TEXT] [--kind KIND] [--fuzz-seconds N]
               [--jobs N]

build/ARCH/suites.tsv (written by make) lists kind, name, command and `host`
where it is the same for every architecture: such suites are run with the first
one and count for all. A test's full name is KIND/SUITE/CASE. A suite prints `PASS case`, `FAIL case: why` and
`SKIP case: why`, or TAP; every other line is its log, which is kept in
build/ARCH/log. A suite that says nothing for too long, prints no result or
ends with an error is itself a failed test. As many suites run at a time as
there are processors. tests/rows.toml maps the rows of the specification to
tests: see rows.py.
"""
import argparse
import concurrent.futures
import os
import platform
import re
import selectors
import shutil
import signal
import subprocess
import sys
import threading
import time

import rows

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
KINDS = ("unit", "suite", "fuzz", "system")
# The longest begin first, so that no long one is left over at the end.
LONGEST = ("suite/linux", "suite/busybox", "suite/fault", "suite/dynamic",
           "suite/terminal")
SILENCE = {"unit": 120, "suite": 400, "fuzz": 120, "system": 120}
LINE = re.compile(r"^(PASS|FAIL|SKIP) ([^\s:]+)(?::\s*(.*))?\s*$")
TAP = re.compile(r"^(not )?ok \d+ - (\S+)(?: # SKIP\s*(.*))?")
VERDICTS = {"PASS": "passed", "FAIL": "failed", "SKIP": "skipped"}


def versions(arch):
    """What a reader needs to repeat this run."""
    print(f"# arch {arch}; host {platform.machine()}, "
          f"{os.cpu_count()} processors, python {platform.python_version()}")
    for tool in (f"qemu-system-{arch}", "gcc", "clang", f"{arch}-linux-gnu-gcc"):
        if shutil.which(tool):
            out = subprocess.run([tool, "--version"], capture_output=True,
                                 text=True, check=False).stdout
            print(f"# {tool}: {out.splitlines()[0]}")
    commit = subprocess.run(["git", "-C", TOP, "describe", "--always", "--dirty"],
                            capture_output=True, text=True, check=False)
    print(f"# commit {commit.stdout.strip() or 'unknown'}", flush=True)


class Suite:
    def __init__(self, kind, name, command, where=""):
        self.kind, self.name, self.command = kind, name, command
        self.of_host = where == "host"

    @property
    def full(self):
        return f"{self.kind}/{self.name}"


def read_suites(path):
    with open(path, encoding="utf-8") as file:
        return [Suite(*line.rstrip("\n").split("\t")) for line in file]


class Runner:
    """Results of all tests: full name -> (verdict, reason)."""

    def __init__(self, arch, only, fuzz_seconds, seed):
        self.arch, self.only, self.seed = arch, only, seed
        self.fuzz_seconds = fuzz_seconds
        self.results = {}
        self.lock = threading.Lock()
        self.logs = os.path.join(TOP, "build", arch, "log")
        os.makedirs(self.logs, exist_ok=True)

    def say(self, text):
        """One message, whole, although other suites speak, too."""
        with self.lock:
            print(text, flush=True)

    def record(self, verdict, name, reason=""):
        self.results[name] = verdict, reason
        self.say(f"{verdict} {name}" + (f": {reason}" if reason else ""))

    def wanted(self, suite):
        """All suites, or those that may hold what TEST names."""
        return (not self.only or self.only in suite.full
                or self.only.startswith(suite.full + "/"))

    def case_filter(self, suite):
        if self.only and self.only.startswith(suite.full + "/"):
            return self.only[len(suite.full) + 1:]
        return ""

    def run_all(self, suites, jobs):
        order = {name: number for number, name in enumerate(LONGEST)}
        suites = sorted(suites, key=lambda s: order.get(s.full, len(order)))
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            for _ in pool.map(self.run, suites):
                pass

    def run(self, suite):
        began = time.monotonic()
        self.say(f"# {suite.full}")
        if suite.kind == "fuzz":
            self.run_fuzzer(suite)
        else:
            self.run_suite(suite)
        self.say(f"# {suite.full} took {time.monotonic() - began:.0f} s")

    def run_suite(self, suite):
        environment = dict(os.environ, CMOCKA_MESSAGE_OUTPUT="TAP",
                           ASAN_OPTIONS="detect_leaks=1", ARCH=self.arch,
                           TEST=self.case_filter(suite), SEED=str(self.seed))
        cases, tail, why = self.collect(suite, suite.command, environment)
        if why:
            self.record("FAIL", suite.full, why)
            self.show(tail)
        elif not cases:
            self.record("FAIL", suite.full, "it reported no test")
            self.show(tail)

    def run_fuzzer(self, suite):
        """A fuzzer is one test: its corpus and so many seconds of new input."""
        source = os.path.join(TOP, "tests", "fuzz", "corpus", suite.name)
        found = os.path.join(TOP, "build", self.arch, "fuzz", "corpus", suite.name)
        crashes = os.path.join(TOP, "build", self.arch, "fuzz", "crash", suite.name)
        for folder in (found, crashes):
            os.makedirs(folder, exist_ok=True)
        command = (f"{suite.command} -max_total_time={self.fuzz_seconds} "
                   f"-seed={self.seed} -timeout=10 -rss_limit_mb=2048 "
                   f"-print_final_stats=1 -artifact_prefix={crashes}/ {found}")
        if os.path.isdir(source):
            command += f" {source}"
        _, tail, why = self.collect(suite, command, dict(os.environ),
                                    self.fuzz_seconds)
        if why:
            self.record("FAIL", suite.full, f"{why} (seed {self.seed})")
            self.show(tail)
        else:
            runs = re.search(r"number_of_executed_units:\s*(\d+)", "\n".join(tail))
            self.record("PASS", suite.full)
            self.say(f"# {suite.full}: {runs[1] if runs else '?'} inputs in "
                     f"{self.fuzz_seconds} s, seed {self.seed}")

    def collect(self, suite, command, environment, extra=0):
        """Run a suite; (number of cases, last lines, why it failed or '')."""
        environment["GLENDA_BUILT"] = "1"
        log_path = os.path.join(self.logs, suite.full.replace("/", "-") + ".log")
        silence = SILENCE[suite.kind] + extra
        cases, tail, pending, why = 0, [], b"", ""
        with open(log_path, "wb", 0) as log, subprocess.Popen(
                command, shell=True, cwd=TOP, env=environment,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, start_new_session=True) as process:
            try:
                for line in self.lines(process, silence, log):
                    tail = (tail + [line])[-40:]
                    cases += self.take(suite, line)
            except TimeoutError:
                why = f"silent for {silence} s"
            finally:
                end_group(process)
            status = process.wait()
        if not why and status not in (0,) and not self.failed_in(suite):
            why = f"ended with status {status}"
        return cases, tail, why

    @staticmethod
    def lines(process, silence, log):
        selector = selectors.DefaultSelector()
        selector.register(process.stdout, selectors.EVENT_READ)
        pending = b""
        while True:
            if not selector.select(silence):
                raise TimeoutError
            data = os.read(process.stdout.fileno(), 1 << 16)
            log.write(data)
            pending += data
            *whole, pending = pending.split(b"\n")
            for line in whole:
                yield line.decode(errors="replace").rstrip("\r")
            if not data:
                if pending:
                    yield pending.decode(errors="replace")
                return

    def take(self, suite, line):
        """Record a result line; 1 if it was one."""
        match, tap = LINE.match(line), TAP.match(line)
        if match:
            self.record(match[1], f"{suite.full}/{match[2]}", match[3] or "")
        elif tap and suite.kind == "unit":
            verdict = "FAIL" if tap[1] else "SKIP" if tap[3] is not None else "PASS"
            self.record(verdict, f"{suite.full}/{tap[2]}",
                        "see the log" if tap[1] else tap[3] or "")
        return int(bool(match or (tap and suite.kind == "unit")))

    def failed_in(self, suite):
        return any(verdict == "FAIL" and name.startswith(suite.full + "/")
                   for name, (verdict, _) in list(self.results.items()))

    def show(self, tail):
        self.say("\n".join(f"    | {line}" for line in tail[-15:]))


def end_group(process):
    """End what a suite left running, QEMU included."""
    try:
        os.killpg(process.pid, signal.SIGTERM)
        for _ in range(20):
            if process.poll() is not None:
                break
            time.sleep(0.1)
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def closing_line(results):
    counts = {word: 0 for word in VERDICTS.values()}
    for verdict, _ in results.values():
        counts[VERDICTS[verdict]] += 1
    return ", ".join(f"{count} {word}" for word, count in counts.items())


def run_arch(arch, args, seed, shared):
    """All tests of one architecture; `shared`: results of those that do not
    depend on it and have been run. The Runner, with the rows judged."""
    versions(arch)
    suites = [suite for suite in
              read_suites(os.path.join(TOP, "build", arch, "suites.tsv"))
              if not (shared and suite.of_host)]
    runner = Runner(arch, args.only, args.fuzz_seconds, seed)
    runner.run_all([suite for suite in suites if runner.wanted(suite)
                    and args.kind in (None, suite.kind)], args.jobs)
    mine = {suite.full + "/" for suite in suites if suite.of_host}
    shared.update((name, result) for name, result in runner.results.items()
                  if (name + "/").startswith(tuple(mine)))
    if not args.only and not args.no_rows:
        for name, reason in rows.report(arch, {**shared, **runner.results}):
            runner.record("FAIL", name, reason)
    return runner


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--arch", default="riscv64", metavar="A[,B]")
    parser.add_argument("--only", default="")
    parser.add_argument("--kind", choices=KINDS)
    parser.add_argument("--no-rows", action="store_true")
    parser.add_argument("--fuzz-seconds", type=int, default=60)
    # The same test each time, so that a failure belongs to a change; 0: another.
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    args = parser.parse_args()
    seed = args.seed or int(time.time()) & 0x7fffffff
    print(f"# seed {seed}")
    shared, everything = {}, {}
    for arch in args.arch.split(","):
        runner = run_arch(arch, args, seed, shared)
        print(f"# {arch}: {closing_line(runner.results)}", flush=True)
        everything.update(((arch, name), result)
                          for name, result in runner.results.items())
    if args.only and not everything:
        print(f"FAIL {args.only}: there is no such test")
        everything[args.arch, args.only] = "FAIL", "no such test"
    failures = [key for key, (verdict, _) in everything.items()
                if verdict == "FAIL"]
    for arch, name in failures:
        print(f"# failed: {name} ({arch})")
    print(closing_line(everything), flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
