#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The table of promises: which tests show which row of the specification.

tests/rows.toml holds one table per row:

    [N1]
    tests = ["system/boot/lists_what_it_got"]   full names, or a suite's name,
                                                which means all of its tests
    riscv64 = ["..."]   further ones that only this architecture has
    whole = true        every clause of the row has a test (default false);
                        ["riscv64"]: for this architecture
    arch = ["riscv64"]  where it applies (default: both)

A row is done when it is whole and all its tests passed, open when it names
none, else partial. A test that does not exist or did not run is an error, and
so is one that failed: that row is open. A test that was skipped for a known
difference keeps its row from being done. build/rows.tsv gets the result.
"""
import os
import re
import sys
import tomllib

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROWS = os.path.join(TOP, "tests", "rows.toml")
OUT = os.path.join(TOP, "build", "rows.tsv")
ARCHES = ["riscv64", "x86_64"]


def order(row):
    return re.sub(r"\d.*", "", row), int(re.search(r"\d+", row)[0])


def matching(name, results):
    """Tests that a name in rows.toml means: itself, or a whole suite."""
    if name in results:
        return [name]
    return [full for full in results if full.startswith(name + "/")]


def did_run(result):
    """Whether it says something about the row: not if the machine lacked
    what it needs."""
    verdict, reason = result
    return verdict != "SKIP" or reason.startswith("known difference")


def names_of(entry, arch):
    """The tests that an entry names for an architecture."""
    return entry.get("tests", []) + entry.get(arch, [])


def is_whole(entry, arch):
    whole = entry.get("whole", False)
    return arch in whole if isinstance(whole, list) else whole


def judge(entry, results, arch=ARCHES[0]):
    """(state, complaints) of one row."""
    found, complaints = [], []
    for name in names_of(entry, arch):
        tests = matching(name, results)
        ran = [t for t in tests if did_run(results[t])]
        if not tests:
            complaints.append(f"names {name}, which does not exist or did not run")
        elif not ran:
            complaints.append(f"names {name}, which was skipped")
        found += tests
    if not found:
        return "open", complaints
    if complaints or any(results[t][0] == "FAIL" for t in found):
        return "open", complaints
    if is_whole(entry, arch) and all(results[t][0] == "PASS" for t in found):
        return "done", complaints
    return "partial", complaints


def read_other(arch):
    """Lines that a run for another architecture has left."""
    if not os.path.exists(OUT):
        return []
    with open(OUT, encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file]
    return [l for l in lines[1:] if len(l) == 4 and l[1] != arch]


def report(arch, results):
    """Print and write the table; (name, reason) of every row that lies."""
    with open(ROWS, "rb") as file:
        entries = tomllib.load(file)
    lines, lies = read_other(arch), []
    for row, entry in entries.items():
        if arch not in entry.get("arch", ARCHES):
            continue
        state, complaints = judge(entry, results, arch)
        lines.append([row, arch, state, " ".join(names_of(entry, arch))])
        lies += [(f"rows/{row}", why) for why in complaints]
    lines.sort(key=lambda line: (order(line[0]), line[1]))
    with open(OUT, "w", encoding="utf-8") as out:
        out.write("row\tarch\tstate\ttests\n")
        out.writelines("\t".join(line) + "\n" for line in lines)
    mine = [line for line in lines if line[1] == arch]
    for state in ("done", "partial", "open"):
        names = [line[0] for line in mine if line[2] == state]
        print(f"# rows {state} ({len(names)} of {len(mine)}, {arch}): "
              f"{' '.join(names)}")
    return lies


def main():
    """Without results: check only that the file is well formed."""
    with open(ROWS, "rb") as file:
        entries = tomllib.load(file)
    known = {"tests", "whole", "arch", *ARCHES}
    wrong = [f"{row}: unknown key {key}" for row, entry in entries.items()
             for key in entry if key not in known]
    wrong += [f"{row}: no row of the specification" for row in entries
              if not re.fullmatch(r"[NFYKAPS]\d+", row)]
    wrong += [f"{row}: whole, but names no test" for row, entry in entries.items()
              for arch in ARCHES if is_whole(entry, arch)
              and not names_of(entry, arch)]
    for line in wrong:
        print(f"tests/rows.toml: {line}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
