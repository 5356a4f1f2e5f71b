#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Programs that do harm, and a shell script beside each that must not notice.

usage: run.py [--arch A] [--only NAME]

Every case boots a machine of 128 MiB in which busybox's shell starts the
program of build/ARCH/linux that does harm, and goes on itself; what it prints
must be right to the last line, a new program must run afterwards, and the
machine must end by itself with the script's status. Prints PASS and FAIL lines.
"""
import argparse
import os
import re
import subprocess
import sys
import time

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
LIMIT = 240
SEED = int(os.environ.get("SEED") or time.time()) % 1000000007

# The neighbour: forks, pipes, files and programs, its sum known beforehand.
WITNESS = """
%s &
culprit=$!
rounds=0
while [ $rounds -lt 40 ]; do
	sum=$(seq 100 | sed s/^/x/ | md5sum | cut -c1-8)
	[ "$sum" = 57f56747 ] || echo "round $rounds: sum $sum"
	rounds=$((rounds + 1))
	usleep 20000
done
wait $culprit 2>/dev/null
echo "witness $rounds"
/tests/tiny 5; echo "new program $?"
"""
WITNESSED = ["witness 40", "new program 5"]
# A neighbour of another user, who needs what a quota is of: files, their
# pages, descriptors, places in servers where to wait.
NEIGHBOUR = """
%s nobody &
culprit=$!
rounds=0
cd /tmp; mkdir home; cd home
while [ $rounds -lt 40 ]; do
	seq 2000 >f; cp f g; ln g h; ln -s h i
	sum=$(md5sum <i | cut -c1-8)
	[ "$sum" = ea4d0a24 ] || echo "round $rounds: sum $sum"
	rm f g h i || echo "round $rounds: rm"
	text=$( (usleep 1000; echo $rounds) | cat | cat)
	[ "$text" = $rounds ] || echo "round $rounds: said $text"
	rounds=$((rounds + 1))
	usleep 20000
done
wait $culprit 2>/dev/null
echo "witness $rounds"
/tests/tiny 5; echo "new program $?"
"""
# One that does nothing but call servers; who sleeps must still be woken.
CALLER = """
/tests/hog calls &
first=$!
for i in 1 2 3 4 5 6 7 8; do usleep 50000; done
kill $first
wait $first 2>/dev/null
echo awake
"""


def plain(name, script):
    """A case whose own PASS and FAIL lines and status tell."""
    return name, script, None


def witnessed(name, culprit):
    return name, WITNESS % culprit, WITNESSED


def neighbour(kind):
    """The same of a hog that is another user, beside one who needs the like."""
    return (f"a-stranger-who-hogs-{kind}-harms-nobody",
            NEIGHBOUR % f"/tests/hog {kind}", WITNESSED)


CASES = [
    plain("forks-leave-nothing-behind", "exec /tests/rounds fork 10000"),
    plain("programs-leave-nothing-behind",
          "exec /tests/rounds exec 10000 /tests/tiny"),
    plain("memory-is-zero", "cd /tmp; exec /tests/zero"),
    neighbour("waits"), neighbour("nodes"), neighbour("maps"),
    neighbour("files"), neighbour("pipes"), neighbour("descriptors"),
    ("sleepers-wake-beside-a-caller", CALLER, ["awake"]),
    witnessed("a-fork-bomb-harms-nobody", "/tests/hog forks"),
    witnessed("an-endless-allocator-harms-nobody", "/tests/hog memory"),
    witnessed("a-hog-of-pipes-harms-nobody", "/tests/hog pipes"),
    witnessed("a-hog-of-files-harms-nobody", "/tests/hog files"),
    witnessed("a-hog-of-descriptors-harms-nobody", "/tests/hog descriptors"),
    witnessed("a-hog-of-threads-harms-nobody", "/tests/hog threads"),
    witnessed("openers-that-die-harm-nobody", "/tests/starve openers"),
    witnessed("timers-without-pause-harm-nobody", "/tests/starve timer"),
    witnessed("sparse-files-harm-nobody", "/tests/starve sparse"),
    witnessed("a-transfer-without-end-harms-nobody",
              "{ /tests/starve transfer & sleep 4; kill $!; }"),
    witnessed("a-hog-of-links-harms-nobody", "/tests/starve links"),
    witnessed("a-hog-of-locks-harms-nobody",
              "{ /tests/starve locks & sleep 4; kill $!; }"),
    witnessed("who-wrecks-itself-harms-nobody", f"/tests/hostile self 300 {SEED}"),
    witnessed("random-system-calls-harm-nobody",
              f"/tests/hostile calls 100000 {SEED}"),
    witnessed("jumps-into-the-shim-harm-nobody",
              f"/tests/hostile window 2000 {SEED}"),
]


def boot(arch, script):
    """(lines, status) of a run; status None when it took too long."""
    build = f"{TOP}/build/{arch}"
    command = [f"{TOP}/glenda", "run", "--arch", arch, "--mem", "128M",
               "--cwd", "/tmp"]
    for name in ("rounds", "tiny", "hog", "starve", "zero", "hostile"):
        command += ["--add", f"{build}/linux/fault_{name}=/tests/{name}"]
    command += ["--timeout", str(LIMIT), "--",
                f"{build}/debian/usr/bin/busybox", "sh", "-c", script]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          errors="replace", check=False)
    return done.stdout.splitlines(), done.returncode


def trouble(lines, status, wanted):
    """What is wrong with a run, or nothing."""
    if status == 124:
        return f"not done within {LIMIT} s"
    if status:
        return f"status {status}"
    if wanted is None:
        return None
    # A culprit may say that it was refused; the witness only what it should.
    said = [line for line in lines
            if re.match(r"(witness|new program|round|sh:|awake)", line)]
    if said != wanted:
        return "said " + " | ".join(said[:6])
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--arch", default="riscv64")
    parser.add_argument("--only", default=os.environ.get("TEST", ""))
    args = parser.parse_args()
    print(f"# seed {SEED}", flush=True)
    failed = passed = 0
    for name, script, wanted in CASES:
        if args.only not in name:
            continue
        began = time.monotonic()
        lines, status = boot(args.arch, script)
        why = trouble(lines, status, wanted)
        for line in lines[-12:]:
            # Cases inside have no say of their own here.
            print(f"# {line}")
        print(f"# {name}: {time.monotonic() - began:.1f} s")
        print(f"FAIL {name}: {why}" if why else f"PASS {name}", flush=True)
        failed += bool(why)
        passed += not why
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
