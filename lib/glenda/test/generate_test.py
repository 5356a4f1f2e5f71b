#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests of tools/generate.py: data that it must refuse, each with the words
that its message must contain, and that docs/reference is what it makes of the
interfaces now. Prints PASS or FAIL per case."""

import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]

HEAD = '[protocol]\nname = "bad"\nnumber = 0x7d00\nprose = "p"\n'
MESSAGE = '[[message]]\nname = "m"\nnumber = 1\nprose = "p"\n'

REFUSED = {
    "unknown key": (HEAD + 'colour = "red"\n', "unknown key 'colour'"),
    "unknown key of a message":
        (HEAD + MESSAGE + "cancelable = true\n", "unknown key 'cancelable'"),
    "missing key": (HEAD + '[[message]]\nname = "m"\nnumber = 1\n',
                    "key 'prose' is missing"),
    "number twice":
        (HEAD + MESSAGE + MESSAGE.replace('"m"', '"n"'), "number '1' twice"),
    "name twice":
        (HEAD + MESSAGE + MESSAGE.replace("= 1", "= 2"), "name 'm' twice"),
    "unknown type": (HEAD + MESSAGE + 'args = [{name="a", type="int"}]\n',
                     "unknown type 'int'"),
    "type of a key": (HEAD + MESSAGE.replace("= 1", '= "1"'),
                      "must be of type int"),
    "bool as a number": (HEAD + MESSAGE.replace("= 1", "= true"),
                         "must be of type int"),
    "nine words": (HEAD + MESSAGE + "args = [" + ", ".join(
        f'{{name="a{i}", type="u8"}}' for i in range(9)) + "]\n",
        "exceed eight words"),
    "leases count as words": (HEAD + MESSAGE + "args = [" + ", ".join(
        f'{{name="a{i}", type="u8"}}' for i in range(8)) + "]\n"
        'leases = [{name="b", dir="in"}]\n', "exceed eight words"),
    "five leases": (HEAD + MESSAGE + "leases = [" + ", ".join(
        f'{{name="a{i}", dir="in"}}' for i in range(5)) + "]\n",
        "more than four leases"),
    "direction": (HEAD + MESSAGE + 'leases = [{name="b", dir="up"}]\n',
                  "dir must be"),
    "unknown error": (HEAD + MESSAGE + 'errors = ["OOPS"]\n',
                      "unknown error 'OOPS'"),
    "keyword": (HEAD + MESSAGE + 'args = [{name="break", type="u8"}]\n',
                "reserved"),
    "bad name": (HEAD + MESSAGE + 'args = [{name="a;b", type="u8"}]\n',
                 "does not match"),
    "field twice": (HEAD + MESSAGE + 'args = [{name="b", type="u8"}]\n'
                    'leases = [{name="b", dir="in"}]\n', "name 'b' twice"),
    "optional first":
        (HEAD + MESSAGE + 'caps = [{name="a", optional=true}, {name="b"}]\n',
         "must come last"),
    "inline without length":
        (HEAD + MESSAGE + 'inline = {name="b", dir="in"}\n', "no field"),
    "inline needs words": (HEAD + MESSAGE + "args = [" + ", ".join(
        f'{{name="{n}", type="u8"}}' for n in ("count", "b", "c", "d", "e"))
        + ']\ninline = {name="x", dir="in"}\n', "four words only"),
    "protocol number": (HEAD.replace("0x7d00", "15"), "not within"),
    "no TOML": ("[protocol\n", "bad.toml"),
    "no protocol": (MESSAGE, "'protocol' is missing"),
}


def generate(*arguments):
    return subprocess.run([sys.executable, ROOT / "tools/generate.py",
                           *arguments], cwd=ROOT, capture_output=True,
                          text=True, check=False)


def refusal(folder, text, expected):
    """None when the data is refused as expected and nothing was written."""
    proto = pathlib.Path(folder, "proto")
    proto.mkdir()
    (proto / "bad.toml").write_text(text, encoding="utf-8")
    out = pathlib.Path(folder, "out")
    result = generate("--proto", str(proto), "--out", str(out))
    if result.returncode != 1:
        return f"exit status {result.returncode}"
    if expected not in result.stderr or "bad.toml" not in result.stderr:
        return f"message: {result.stderr.strip()}"
    return "wrote output" if out.exists() else None


def reference_differs(folder):
    docs = pathlib.Path(folder, "docs")
    result = generate("--out", os.path.join(folder, "out"),
                      "--docs", str(docs))
    if result.returncode != 0:
        return result.stderr.strip()
    for page in sorted(docs.iterdir()):
        kept = ROOT / "docs/reference" / page.name
        if not kept.exists() or kept.read_text() != page.read_text():
            return f"{page.name} is stale; run tools/generate.py --docs " \
                "docs/reference"
    return None


def main():
    failed = 0
    cases = [(name, lambda f, t=text, e=expected: refusal(f, t, e))
             for name, (text, expected) in REFUSED.items()]
    cases.append(("docs/reference is current", reference_differs))
    for name, check in cases:
        with tempfile.TemporaryDirectory() as folder:
            reason = check(folder)
        failed += reason is not None
        case = name.replace(" ", "_").replace("/", "_")
        print(f"FAIL {case}: {reason}" if reason else f"PASS {case}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
