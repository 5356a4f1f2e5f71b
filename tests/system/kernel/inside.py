# SPDX-License-Identifier: MIT
"""What the looks at a running kernel share, whatever the architecture."""
import os
import re
import sys

SECONDS = 20


def want(condition, *what):
    if not condition:
        raise AssertionError(" ".join(str(w) for w in what))


def check_panic(output, status, cause, registers):
    """Cause, address, registers, process and backtrace, then the end."""
    want(re.search(r"KERNEL PANIC: " + cause, output), output[-1500:])
    want(re.search(r"thread \S+ tag 0x\w+ state", output), "no thread")
    want(len(re.findall(r"[ r] ?\d+ [0-9a-f]{16}", output)) >= registers,
         "no registers")
    want("backtrace\n" in output, "no backtrace")
    want(status != 0, "it ended as if nothing had happened")


def run_cases(kernel, cases):
    """Those that TEST names; never returns."""
    wanted, failed = os.environ.get("TEST", ""), False
    for case in cases:
        if wanted not in case.__name__:
            continue
        try:
            case(kernel)
            print(f"PASS {case.__name__}", flush=True)
        except (AssertionError, OSError) as error:
            failed = True
            text = str(error).splitlines()
            print("".join(f"| {line}\n" for line in text[1:]), end="")
            print(f"FAIL {case.__name__}: {text[0] if text else error}",
                  flush=True)
    sys.exit(failed)
