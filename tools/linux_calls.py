#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The page on Linux system calls, made from the tables that the shim runs by.

usage: linux_calls.py [--check] [PAGE]

line/arch/*/table.c say of each number whether a function serves it (CALL),
refuses it (REFUSED) or nothing does (ABSENT); a call that two architectures
have is answered in the same way on both. docs/linux_notes.toml adds what a
table cannot say, tests/linux/known.toml where tests show a difference. With
--check nothing is written: it prints one line as a test would, FAIL when the
page is not what it should be.
"""
import os
import re
import sys
import tomllib

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ARCHES = ("riscv64", "x86_64")
PAGE = f"{TOP}/docs/linux.md"
NOTES = f"{TOP}/docs/linux_notes.toml"
KNOWN = f"{TOP}/tests/linux/known.toml"
ENTRY = re.compile(r"^\s*(CALL|REFUSED|ABSENT)\((\d+), (\w+), \d\)", re.M)
KINDS = (("CALL", "Served"), ("REFUSED", "Refused with `EPERM`"),
         ("ABSENT", "Not served: `ENOSYS`"))
HEAD = """# Linux system calls

Made by `tools/linux_calls.py` from `line/arch/*/table.c` and `linux_notes.toml`; do not edit. *Served* means that the shim has a
function for the call, which asks the server that owns the matter; flags and arguments that are not supported get the errno that Linux
gives for them. A call that is not served is `ENOSYS`; `--strace` shows it. What the differential tests compare is in `tests/linux/cases`.
"""


def read_table(arch):
    """Kind by name."""
    path = f"{TOP}/line/arch/{arch}/table.c"
    with open(path, encoding="utf-8") as file:
        found = ENTRY.findall(file.read())
    if not found:
        raise ValueError(f"{path} has no entries")
    return {name: kind for kind, _, name in found}


def paragraph(names):
    return " ".join(f"`{name}`" for name in sorted(names))


def lists(calls, title, level):
    """One list per kind of a dictionary of calls; empty ones are left out."""
    out = []
    for kind, means in KINDS:
        names = [name for name in calls if calls[name] == kind]
        if names:
            out.append(f"{level} {title}{means} ({len(names)})\n\n"
                       f"{paragraph(names)}\n")
    return out


def page(tables, notes):
    everything = {}
    for arch, table in tables.items():
        for name, kind in table.items():
            if everything.setdefault(name, kind) != kind:
                raise ValueError(f"{name} is another matter on {arch}")
    unknown = sorted(set(notes) - set(everything))
    if unknown:
        raise ValueError(f"notes on calls that do not exist: {unknown}")
    common = {name: kind for name, kind in everything.items()
              if all(name in table for table in tables.values())}
    out = [HEAD] + lists(common, "", "##")
    for arch, table in tables.items():
        own = {name: kind for name, kind in table.items()
               if name not in common}
        out.append(f"## Only on {arch}\n")
        out += lists(own, "", "###")
    out.append("## Limits of what is served\n\n| call | limit |\n|---|---|\n"
               + "".join(f"| `{name}` | {note} |\n"
                         for name, note in sorted(notes.items())))
    return "\n".join(out)


def differences(known):
    """The part on what the comparing tests are known to find."""
    lines = [f"| `{suite}/{case}` | {entry['differs']} | {entry['belongs']} |\n"
             for suite, cases in sorted(known.items())
             for case, entry in sorted(cases.items())]
    text = ("\n## Known differences\n\nEvery case of `tests/linux/` that is not "
            "in this table (made from `tests/linux/known.toml`) does here\nwhat "
            "it does on Linux. These do not, and the tests skip them by "
            "name.\n\n")
    if not lines:
        return text + "None.\n"
    return text + "| test | what differs | row |\n|---|---|---|\n" + "".join(lines)


def main():
    words = [word for word in sys.argv[1:] if word != "--check"]
    path = words[0] if words else PAGE
    with open(NOTES, "rb") as file:
        notes = tomllib.load(file)
    with open(KNOWN, "rb") as file:
        known = tomllib.load(file)
    text = page({arch: read_table(arch) for arch in ARCHES}, notes) + differences(known)
    if "--check" not in sys.argv:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return
    with open(path, encoding="utf-8") as file:
        current = file.read() == text
    print("PASS linux_page_is_current" if current else
          "FAIL linux_page_is_current: run tools/linux_calls.py")
    sys.exit(0 if current else 1)


if __name__ == "__main__":
    main()
