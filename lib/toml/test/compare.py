#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compare lib/toml with Python's tomllib: same verdict, same values.

compare.py TOML_JSON [--seed N] [--mutations N]

Runs every document of corpus.py and mutations of them (random, from a seed
that is printed; give it to repeat a run) through toml_json and tomllib.
Known limits of lib/toml that tomllib does not have (integers of 64 bits, a
depth of 32) are applied to tomllib's answer first.
"""

import argparse
import datetime
import json
import math
import os
import random
import re
import subprocess
import sys
import tomllib

sys.dont_write_bytecode = True
import corpus  # noqa: E402 (must follow the line above)

DEPTH_MAX = 32
PIECES = [
    "[", "]", "[[", "]]", "{", "}", ",", "=", ".", "\n", "\r\n", "\r", " ",
    "\t", '"', "'", '"""', "'''", "\\", "\\\n", "\\u00e9", "#", "a", "b",
    "a.b", "[a]\n", "[[a]]\n", "[a.b]\n", "[[a.b]]\n", "a.b = 1\n",
    "b = 2\n", "0", "1", "_", "-", "+", "e", "0x", "inf", "nan", "true",
    "1979-05-27", "T", "07:32:00", "Z", "{}", "[]", "{b = 1}", "\0", "\x7f",
    "\u00e9", "\U0001F600",
]
RAW = [b"\xff", b"\xc3", b"\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"]


class Refused(Exception):
    """What lib/toml must refuse although tomllib accepts it."""


def tag(value, depth=0):
    """tomllib's value in the form that toml_json prints."""
    if depth > DEPTH_MAX:
        raise Refused("depth")
    if isinstance(value, dict):
        return {k: tag(v, depth + 1) for k, v in value.items()}
    if isinstance(value, list):
        return ["array"] + [tag(v, depth + 1) for v in value]
    if isinstance(value, str):
        return ["string", value]
    if isinstance(value, bool):
        return ["boolean", "true" if value else "false"]
    if isinstance(value, int):
        if not -2**63 <= value < 2**63:
            raise Refused("range")
        return ["integer", str(value)]
    if isinstance(value, float):
        return ["float", value]
    if isinstance(value, datetime.datetime):
        kind = "date and time"
        return [kind + " with offset" if value.tzinfo else kind, value]
    if isinstance(value, datetime.date):
        return ["date", value]
    return ["time", value]


def same(ours, theirs):
    if isinstance(theirs, dict):
        return (isinstance(ours, dict) and list(ours) == list(theirs)
                and all(same(ours[k], theirs[k]) for k in theirs))
    if not isinstance(ours, list) or ours[0] != theirs[0]:
        return False
    if theirs[0] == "array":
        return len(ours) == len(theirs) and all(map(same, ours[1:],
                                                    theirs[1:]))
    text = ours[1]
    if theirs[0] == "float":
        value = float(text.replace("_", ""))
        return (math.isnan(value) if math.isnan(theirs[1])
                else value == theirs[1])
    if "date" in theirs[0] or theirs[0] == "time":
        text = re.sub(r"(\.\d{1,6})\d*", r"\1", text.upper())
        return type(theirs[1]).fromisoformat(text) == theirs[1]
    return text == theirs[1]


def expected(document):
    """("ok", tree), ("error", why), or None when tomllib gives up itself."""
    try:
        return "ok", tag(tomllib.loads(document.decode("utf-8")))
    except RecursionError:
        return None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, Refused,
            ValueError) as error:
        return "error", str(error)


def judge(document, line):
    """None if both agree, else a sentence."""
    want = expected(document)
    got = json.loads(line)
    if want is None:
        return None
    if want[0] == "error":
        if "ok" in got:
            return f"accepted, but: {want[1]}"
        status, row, column, _ = got["error"]
        rows = document.count(b"\n") + 1
        if not -5 <= status <= -1 or not 1 <= row <= rows or column < 1:
            return f"odd error {got['error']}"
        return None
    if "error" in got:
        return f"refused: {got['error']}"
    if not same(got["ok"], want[1]):
        return f"{got['ok']} instead of {want[1]}"
    return None


def mutate(rng, stock):
    document = rng.choice(stock)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 5))):
        at = rng.randrange(len(document) + 1)
        end = min(len(document), at + rng.randrange(1, 6))
        kind = rng.randrange(7)
        if kind == 0:
            document = document[:at] + document[end:]
        elif kind == 1:
            document = document[:at] + document[at:end] + document[at:]
        elif kind == 2:
            piece = rng.choice(PIECES).encode()
            document = document[:at] + piece + document[at:]
        elif kind == 3:
            piece = rng.choice(PIECES).encode()
            document = document[:at] + piece + document[end:]
        elif kind == 4:
            document = document + b"\n" + rng.choice(stock)
        elif kind == 5 and rng.randrange(8) == 0:
            document = document[:at] + rng.choice(RAW) + document[at:]
        else:
            other = rng.choice(stock)
            document = document[:at] + other[rng.randrange(len(other) + 1):]
    return document


def run(program, documents):
    stream = b"".join(b"%d\n%s" % (len(d), d) for d in documents)
    result = subprocess.run([program], input=stream, check=False,
                            capture_output=True)
    sys.stderr.write(result.stderr.decode(errors="replace"))
    lines = result.stdout.decode("utf-8").split("\n")[:-1]
    if result.returncode != 0 or len(lines) != len(documents):
        print(f"FAIL toml_compare: {program} ended with "
              f"{result.returncode} after {len(lines)} of "
              f"{len(documents)} documents")
        sys.exit(1)
    return lines


def report(name, failures, count):
    for document, why in failures[:20]:
        print(f"  {document!r}: {why}")
    if failures:
        print(f"FAIL {name}: {len(failures)} of {count} documents differ")
    else:
        print(f"PASS {name}")
    return not failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, default=os.environ.get("SEED"))
    parser.add_argument("--mutations", type=int, default=20000)
    options = parser.parse_args()
    seed = options.seed
    if seed is None:
        seed = random.SystemRandom().randrange(2**32)
    rng = random.Random(seed)
    good = True

    for name, stock, verdict in (("valid", corpus.VALID, "ok"),
                                 ("invalid", corpus.INVALID, "error")):
        stock = [d.encode() if isinstance(d, str) else d for d in stock]
        failures = []
        for document, line in zip(stock, run(options.program, stock)):
            why = judge(document, line)
            if why is None and verdict not in json.loads(line):
                why = f"corpus.py calls this {name}"
            if why is not None:
                failures.append((document, why))
        good &= report(f"toml_compare_{name}", failures, len(stock))

    stock = [d.encode() if isinstance(d, str) else d
             for d in corpus.VALID * 2 + corpus.INVALID]
    documents = [mutate(rng, stock) for _ in range(options.mutations)]
    lines = run(options.program, documents)
    failures = [(d, why) for d, line in zip(documents, lines)
                if (why := judge(d, line)) is not None]
    accepted = sum(line.startswith('{"ok"') for line in lines)
    print(f"  seed {seed}: {len(documents)} mutations, {accepted} valid")
    good &= report("toml_compare_mutations", failures, len(documents))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
