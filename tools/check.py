#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The checks that no compiler makes: layout, layers, headers, static analysis.

usage: check.py [--arch A[,B]] [--only NAME] [--no-tidy]

Code in an arch folder is compiled for its own architecture, all else for the
first one named. Prints `PASS check/name` or the complaints and `FAIL check/name: how many`,
and closes with the counts. Every check is a function check_*; it yields one
line per complaint.
"""
import argparse
import concurrent.futures
import functools
import os
import re
import subprocess
import sys
import tempfile

import rows

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OURS = ("kernel/", "lib/", "servers/", "line/", "drivers/", "programs/")
FILE_LINES = 800
KERNEL_LINES = 9000
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^">]+)[">]', re.M)
ARCH_SWITCH = re.compile(
    r"^\s*#\s*(?:if|ifdef|ifndef|elif)\b.*"
    r"(__riscv|__x86_64|__amd64|__aarch64|CONFIG_ARCH|ARCH_)", re.M)
# Words that stand over a gap; put together so as not to find themselves.
GAPS = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "\\b" + "X" + "XX" + "\\b", "HA" + "CK",
                            "for n" + "ow", "not implemented y" + "et")))
# Which folders' headers a folder's code may include, beside its own.
LAYERS = {
    "kernel/": ("kernel/", "lib/elf/", "lib/cpio/", "lib/rt/"),
    "lib/glenda/": ("lib/", "kernel/include/boot_info.h"),
    "lib/": ("lib/",),
    "line/": ("lib/",),
    "servers/": ("lib/", "kernel/include/boot_info.h"),
    "drivers/": ("lib/",),
    "programs/": ("lib/",),
}
JOBS = os.cpu_count() or 1
# As mk/arch has them for the compiler.
TARGETS = {
    "riscv64": ("--target=riscv64-unknown-elf", "-march=rv64imac", "-mabi=lp64",
                "-mcmodel=medany"),
    "x86_64": ("--target=x86_64-unknown-elf", "-mgeneral-regs-only",
               "-mno-red-zone"),
}


@functools.cache
def tracked():
    out = subprocess.run(["git", "-C", TOP, "ls-files"], capture_output=True,
                         text=True, check=True).stdout
    return [f for f in out.splitlines() if os.path.isfile(os.path.join(TOP, f))]


def sources(*suffixes, where=("",)):
    return [f for f in tracked() if f.endswith(suffixes) and f.startswith(where)]


@functools.cache
def text_of(path):
    with open(os.path.join(TOP, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def in_parallel(work, items):
    """What work yields for each item, in order."""
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        for lines in pool.map(lambda item: list(work(item)), items):
            yield from lines


def clang_flags(path, arch):
    """Flags close to those of the build: kernel code sees the kernel."""
    build = f"build/{arch}"
    flags = list(TARGETS[arch])
    folders = [os.path.dirname(path), f"{build}/gen/include"]
    if path.startswith("kernel/"):
        folders += ["kernel/include", "kernel", f"kernel/arch/{arch}/include"]
    # A module's own headers win over those of libraries.
    module = "/".join(path.split("/")[:2])
    folders += [module, f"{module}/include", module.split("/")[0],
                f"{module.split('/')[0]}/arch/{arch}/include",
                f"{module}/arch/{arch}/include", f"{module}/arch/{arch}"]
    libs = sorted({"/".join(f.split("/")[:2]) for f in sources(".h", where=("lib/",))})
    for lib in libs:
        folders += [f"{lib}/include", f"{lib}/arch/{arch}/include"]
    folders.append("kernel/include")
    flags += [f"-I{d}" for d in dict.fromkeys(folders)
              if os.path.isdir(os.path.join(TOP, d))]
    flags += ["-I.", "-isystem", f"{build}/picolibc/include", "-isystem",
              "build/src/dtc/libfdt", "-std=gnu17"]
    return flags + (["-ffreestanding"] if path.startswith(("kernel/", "line/"))
                    else [])


def run(*command):
    return subprocess.run(command, cwd=TOP, capture_output=True, text=True,
                          check=False)


def target_of(path, arches):
    """The architecture that a file of ours is compiled for: its own, else the
    first; None for tests, and for architectures that are not looked at."""
    own = re.search(r"/arch/(\w+)/", path)
    if not path.startswith(OURS) or "/test/" in path:
        return None
    if own:
        return own[1] if own[1] in arches else None
    return arches[0]


def check_format(_arches):
    """clang-format would change nothing."""
    def one(path):
        done = run("clang-format", "--dry-run", "-Werror", path)
        if done.returncode:
            yield f"{path}: run make format"
    yield from in_parallel(one, sources(".c", ".h"))


def check_opening(_arches):
    """Every source opens with the licence; C then says what it is for."""
    for path in sources(".c", ".h", ".S", ".py", ".sh", ".mk", ".toml", ".ld"):
        head = text_of(path).split("\n")[:8]
        if not any("SPDX-License-Identifier: MIT" in line for line in head[:3]):
            yield f"{path}: no SPDX line"
        elif path.endswith((".c", ".h")):
            prose = re.match(r"/\* SPDX[^\n]*?MIT\s*(?:\*/\s*/\*)?(.*?)\*/",
                             text_of(path), re.S)
            if not prose or len(re.findall(r"[A-Za-z]{2,}", prose[1])) < 4:
                yield f"{path}: no opening paragraph"


def check_headers(arches):
    """Every header compiles by itself and has its guard."""
    def one(path):
        if "#pragma once" not in text_of(path):
            yield f"{path}: no #pragma once"
        done = run("clang", *clang_flags(path, target_of(path, arches)),
                   "-fsyntax-only", "-x", "c",
                   "-Wno-pragma-once-outside-header", path)
        if done.returncode:
            yield (done.stderr.splitlines() or [f"{path}: does not compile"])[0]
    yield from in_parallel(one, [p for p in sources(".h") if target_of(p, arches)])


def resolve(path, quote, name, headers):
    """The file of ours that an include names, or None."""
    local = os.path.normpath(os.path.join(os.path.dirname(path), name))
    if quote == '"' and local in headers:
        return local
    ends = [h for h in headers if h.endswith("/" + name)]
    depth = 1 if path.startswith(("kernel/", "line/")) else 2
    module = "/".join(path.split("/")[:depth]) + "/"
    near = [h for h in ends if h.startswith(module)]
    shared = [h for h in ends if h[:-len(name) - 1].endswith("/include")]
    return (near or shared or [None])[0]


@functools.cache
def include_graph():
    headers = set(sources(".h"))
    return {path: [r for q, n in INCLUDE.findall(text_of(path))
                   if (r := resolve(path, q, n, headers))]
            for path in sources(".c", ".h", where=OURS)}


def check_cycles(_arches):
    """No header includes itself through others."""
    graph, done = include_graph(), set()

    def walk(path, trail):
        if path in trail:
            yield " -> ".join(trail[trail.index(path):] + [path])
        elif path not in done:
            for target in graph.get(path, []):
                yield from walk(target, trail + [path])
            done.add(path)

    for path in graph:
        yield from walk(path, [])


def check_layers(_arches):
    """Code includes only what stands beside or below it."""
    for path, targets in include_graph().items():
        if "/test/" in path:
            continue
        layer = next(p for p in LAYERS if path.startswith(p))
        own = "/".join(path.split("/")[:2]) + "/"
        allowed = LAYERS[layer] + ((own,) if layer != "line/" else ("line/",))
        if path.startswith(("programs/", "drivers/")):
            allowed += (os.path.dirname(path) + "/",)
        for target in targets:
            if not target.startswith(allowed):
                yield f"{path}: includes {target}"


def check_arch_switch(_arches):
    """No preprocessor switch on the architecture outside arch/."""
    for path in sources(".c", ".h", where=OURS):
        if "/arch/" not in path:
            for match in ARCH_SWITCH.finditer(text_of(path)):
                yield f"{path}: {match[0].strip()}"


def check_sizes(_arches):
    """Files are rooms that one can know; the kernel is small."""
    for path in sources(".c", ".h", ".S", ".py", ".sh", ".mk"):
        lines = text_of(path).count("\n")
        if lines > FILE_LINES:
            yield f"{path}: {lines} lines, more than {FILE_LINES}"
    for arch, lines in kernel_lines().items():
        print(f"# kernel: {lines} lines for {arch} without blanks and comments")
        if lines > KERNEL_LINES:
            yield f"kernel/: {lines} lines for {arch}, more than {KERNEL_LINES}"


def kernel_lines():
    """Portable code and that of one architecture, for each."""
    portable, arches = 0, {}
    for path in sources(".c", ".h", ".S", where=("kernel/",)):
        if "/test/" in path:
            continue
        bare = re.sub(r"/\*.*?\*/", "", text_of(path), flags=re.S)
        lines = sum(bool(line.strip()) for line in bare.split("\n"))
        if path.startswith("kernel/arch/"):
            arch = path.split("/")[2]
            arches[arch] = arches.get(arch, 0) + lines
        else:
            portable += lines
    return {arch: portable + lines for arch, lines in arches.items()}


def check_readmes(_arches):
    """Every folder of sources has a README.md."""
    folders = {os.path.dirname(p) for p in sources(".c", ".h", ".S", ".py", ".toml")}
    for folder in sorted(folders):
        if folder and not holds_readme(folder):
            yield f"{folder}: no README.md"


def holds_readme(folder):
    """A test or include folder is told of by the one above it."""
    names = {f"{folder}/README.md"}
    if re.search(r"/(test|include|arch|machine|glenda|proto|corpus|cases|programs)"
                 r"(/|$)", folder + "/"):
        while "/" in folder:
            folder = os.path.dirname(folder)
            names.add(f"{folder}/README.md")
    return bool(names & set(tracked()))


def check_gaps(_arches):
    """No words that stand over a gap."""
    for path in sources(".c", ".h", ".S", ".py", ".sh", ".mk"):
        for number, line in enumerate(text_of(path).split("\n"), 1):
            if GAPS.search(line):
                yield f"{path}:{number}: {line.strip()[:60]}"


def check_rows(_arches):
    """tests/rows.toml is well formed."""
    done = run(sys.executable, "tools/rows.py")
    yield from done.stdout.splitlines() + done.stderr.splitlines()


def check_python(_arches):
    """Every script compiles."""
    for path in sources(".py"):
        try:
            compile(text_of(path), path, "exec")
        except SyntaxError as error:
            yield f"{path}: {error}"


def check_reference(_arches):
    """docs/reference is what the generator makes of the interfaces."""
    if not os.path.exists(os.path.join(TOP, "tools/generate.py")):
        return
    with tempfile.TemporaryDirectory() as folder:
        done = run(sys.executable, "tools/generate.py", "--out", folder + "/gen",
                   "--docs", folder + "/docs")
        if done.returncode:
            yield (done.stderr.splitlines() or ["the generator failed"])[-1]
            return
        done = run("diff", "-r", "-q", folder + "/docs", "docs/reference",
                   "-x", "README.md")
        yield from done.stdout.splitlines() + done.stderr.splitlines()


def check_cppcheck(arches):
    """cppcheck finds no defect."""
    for arch in arches:
        yield from cppcheck(arch, [p for p in sources(".c")
                                   if target_of(p, arches) == arch])


def cppcheck(arch, paths):
    done = run("cppcheck", "--quiet", f"-j{JOBS}", "--std=c11", "--platform=unix64",
               "--enable=warning,performance,portability", "--inline-suppr",
               "--suppress=missingInclude", "--suppress=unusedFunction",
               "--suppress=internalAstError", "-D_Noreturn=__attribute__((noreturn))",
               "--suppress=syntaxError", "--error-exitcode=1",
               "--template={file}:{line}: {id}: {message}",
               *[f for f in clang_flags("kernel/main.c", arch)
                 if f.startswith("-I") and f != "-I."], *paths)
    if done.returncode:
        yield from (l for l in done.stderr.splitlines() if re.match(r"\S+:\d+: ", l))


def check_tidy(arches):
    """clang-tidy finds no defect."""
    def one(path):
        done = run("clang-tidy", "--quiet", path, "--",
                   *clang_flags(path, target_of(path, arches)))
        for line in done.stdout.splitlines():
            if re.search(r": (warning|error): ", line):
                yield line.replace(TOP + "/", "")
    yield from in_parallel(one, [p for p in sources(".c") if target_of(p, arches)])


def main():
    checks = {name[len("check_"):].replace("_", "-"): function
              for name, function in globals().items()
              if name.startswith("check_")}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--arch", default=",".join(rows.ARCHES), metavar="A[,B]")
    parser.add_argument("--only", choices=checks)
    parser.add_argument("--no-tidy", action="store_true")
    args = parser.parse_args()
    passed = failed = 0
    for name, function in checks.items():
        if (args.only and name != args.only) or (args.no_tidy and name == "tidy"):
            continue
        complaints = list(dict.fromkeys(function(args.arch.split(","))))
        for line in complaints[:200]:
            print(f"    {line}")
        failed += bool(complaints)
        passed += not complaints
        print(f"FAIL check/{name}: {len(complaints)} complaints" if complaints
              else f"PASS check/{name}", flush=True)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
