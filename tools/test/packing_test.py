# SPDX-License-Identifier: MIT
"""Tests of what `glenda run` packs: ELF files and the libraries that they need,
scripts and their interpreters, folders of the host as the guest's root."""
import os
import platform
import random
import re
import stat
import struct
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(TOP, "tools"), os.path.join(TOP, "tools", "glenda")]

import elf  # noqa: E402
import libraries  # noqa: E402
import mkimage  # noqa: E402
import pack  # noqa: E402
import program  # noqa: E402
import tree as trees  # noqa: E402

ARCH = platform.machine() if platform.machine() in libraries.TRIPLETS else "riscv64"
CC = f"{ARCH}-linux-gnu-gcc"
LINK = "int f(void); int main(void) { return f(); }"


def want(condition, reason):
    if not condition:
        raise AssertionError(reason)


def wants_error(kind, words, action, *arguments):
    try:
        action(*arguments)
    except kind as error:
        want(words in str(error), f"{words!r} is not in {str(error)!r}")
        return error
    raise AssertionError(f"no {kind.__name__} with {words!r}")


def compile_c(text, out, *flags):
    os.makedirs(os.path.dirname(out), exist_ok=True)
    subprocess.run([CC, "-o", out, "-nostdlib", "-x", "c", "-", "-x", "none", *flags],
                   input=text.encode(), check=True, capture_output=True)


def library(root, folder, name, needs=(), flags=()):
    """A shared library without a C library below a root."""
    compile_c("int f(void) { return 0; }", f"{root}{folder}/{name}", "-shared",
              "-fPIC", f"-Wl,-soname,{name}", "-Wl,--no-as-needed", *flags,
              *[f"{root}{path}" for path in needs])


def linked(root, path, needs, flags=()):
    """A program at root + path, and where its libraries are found."""
    compile_c("void _start(void) { for (;;) ; }", root + path, "-Wl,--no-as-needed",
              "-Wl,--allow-shlib-undefined", *flags, *[root + n for n in needs])


def closure(root, path, library_path=""):
    """What a program needs beside its interpreter."""
    files = libraries.Files(root)
    image = elf.Elf(files.read(path), ARCH)
    image.interpreter = ""
    return libraries.Libraries(files, ARCH, library_path).closure(path, image)


def libraries_are_those_of_the_dynamic_linker(_folder):
    """The host's own linker is the judge, for programs of this host."""
    if ARCH != platform.machine():
        return
    own = libraries.Libraries(libraries.Files(), ARCH)
    want(any(own.usable(p) for p in own.cache.get("libc.so.6", [])),
         "the host's own cache")
    for name in ("ls", "bash", "python3", "perl", "gdb-multiarch", "make"):
        path = os.path.realpath(f"/usr/bin/{name}")
        found = own.closure(path, elf.Elf(open(path, "rb").read(), ARCH))
        out = subprocess.run(["ldd", path], capture_output=True, text=True,
                             check=True).stdout
        judged = {os.path.realpath(p) for p in re.findall(r"(/\S+) \(0x", out)}
        mine = {os.path.realpath(p) for p in found if "glibc-hwcaps" not in p}
        want(mine == judged, f"{name}: {mine ^ judged}")


def libraries_of_libraries_are_found(root):
    library(root, "/usr/lib", "libb.so")
    library(root, "/lib", "liba.so", ["/usr/lib/libb.so"])
    linked(root, "/bin/p", ["/lib/liba.so"], [f"-Wl,-rpath-link,{root}/usr/lib"])
    want(closure(root, "/bin/p") == ["/lib/liba.so", "/usr/lib/libb.so"],
         closure(root, "/bin/p"))


def origin_is_where_the_object_really_lies(root):
    library(root, "/opt/x/lib", "liba.so")
    linked(root, "/opt/x/bin/p", ["/opt/x/lib/liba.so"],
           ["-Wl,-rpath,$ORIGIN/../lib", "-Wl,--enable-new-dtags"])
    os.makedirs(f"{root}/bin")
    os.symlink("/opt/x/bin/p", f"{root}/bin/p")
    want(closure(root, "/bin/p") == ["/opt/x/bin/../lib/liba.so"],
         closure(root, "/bin/p"))


def folders_come_in_the_linkers_order(root):
    for folder in ("/old", "/environment", "/new", "/lib"):
        library(root, folder, "liba.so")
    for tags, order in (("disable", ["/old", "/environment", "/lib"]),
                        ("enable", ["/environment", "/new", "/lib"])):
        rpath = "/old" if tags == "disable" else "/new"
        linked(root, "/bin/p", ["/lib/liba.so"],
               [f"-Wl,-rpath,{rpath}", f"-Wl,--{tags}-new-dtags"])
        for folder in order:
            got = closure(root, "/bin/p", "/none:/environment")
            want(got == [f"{folder}/liba.so"], f"{tags}: {got}, not {folder}")
            os.rename(f"{root}{folder}/liba.so", f"{root}{folder}/away")
        for folder in order:
            os.rename(f"{root}{folder}/away", f"{root}{folder}/liba.so")


def configured_folders_and_the_cache_are_searched(root):
    library(root, "/far", "liba.so")
    library(root, "/farther", "libb.so")
    linked(root, "/bin/p", ["/far/liba.so", "/farther/libb.so"])
    wants_error(libraries.Missing, "liba.so", closure, root, "/bin/p")
    os.makedirs(f"{root}/etc/ld.so.conf.d")
    with open(f"{root}/etc/ld.so.conf", "w", encoding="utf-8") as file:
        file.write("include /etc/ld.so.conf.d/*.conf\n")
    with open(f"{root}/etc/ld.so.conf.d/a.conf", "w", encoding="utf-8") as file:
        file.write("# a comment\n/far\n")
    wants_error(libraries.Missing, "libb.so", closure, root, "/bin/p")
    strings = b"libb.so\0/farther/libb.so\0"
    at = 48 + 24
    with open(f"{root}/etc/ld.so.cache", "wb") as file:
        file.write(struct.pack("<20sII20x", b"glibc-ld.so.cache1.1", 1,
                               len(strings)))
        file.write(struct.pack("<iIIIQ", 0x303, at, at + 8, 0, 0) + strings)
    want(closure(root, "/bin/p") == ["/far/liba.so", "/farther/libb.so"],
         closure(root, "/bin/p"))


def unfit_libraries_are_passed_over(root):
    library(root, "/usr/lib", "liba.so")
    linked(root, "/bin/p", ["/usr/lib/liba.so"])
    os.makedirs(f"{root}/lib")
    for content in (b"", b"text", b"\x7fELF" + bytes(100)):
        with open(f"{root}/lib/liba.so", "wb") as file:
            file.write(content)
        want(closure(root, "/bin/p") == ["/usr/lib/liba.so"], content)


def variants_for_newer_processors_come_along(root):
    library(root, "/lib", "liba.so")
    library(root, "/lib/glibc-hwcaps/x86-64-v3", "liba.so")
    linked(root, "/bin/p", ["/lib/liba.so"])
    want(closure(root, "/bin/p") == [
        "/lib/liba.so", "/lib/glibc-hwcaps/x86-64-v3/liba.so"], "not both")


def circles_of_links_and_libraries_end(root):
    library(root, "/lib", "libb.so")
    library(root, "/lib", "liba.so", ["/lib/libb.so"])
    library(root, "/lib", "libb.so", ["/lib/liba.so"])
    linked(root, "/bin/p", ["/lib/liba.so"], [f"-Wl,-rpath-link,{root}/lib"])
    want(sorted(closure(root, "/bin/p")) == ["/lib/liba.so", "/lib/libb.so"],
         "a circle of libraries")
    os.symlink("two", f"{root}/one")
    os.symlink("one", f"{root}/two")
    wants_error(OSError, "links", libraries.Files(root).trail, "/one")


def damaged_files_are_malformed_and_no_more(folder):
    compile_c("int main(void) { return 0; }", f"{folder}/p", "-nostartfiles",
              "-Wl,-e,main", "-lc", "-Wl,-rpath,/x:/y")
    whole = open(f"{folder}/p", "rb").read()
    want(elf.Elf(whole, ARCH).runpath == ["/x", "/y"], "the run path")
    numbers = random.Random(1)
    for _ in range(4000):
        data = bytearray(whole)
        for _ in range(numbers.randint(1, 8)):
            data[numbers.randrange(min(len(data), 2048))] = numbers.randrange(256)
        if numbers.randrange(4) == 0:
            del data[numbers.randrange(len(data)):]
        try:
            if data[:4] == elf.MAGIC:
                elf.Elf(bytes(data), ARCH).check_entry()
        except elf.Malformed:
            pass


def packed(words, native=True, base=(), path="/bin:/usr/bin"):
    tree = trees.Tree(base)
    pack.Packer(tree, ARCH, native, {"PATH": path}).add_program(words, words)
    return tree


def script(folder, line, name="script"):
    path = f"{folder}/{name}"
    with open(path, "w", encoding="utf-8") as file:
        file.write(line + "\n")
    os.chmod(path, 0o755)
    return path


def scripts_bring_their_interpreters(folder):
    if ARCH != platform.machine():
        return
    tree = packed(script(folder, "#!/usr/bin/env perl"))
    for path in ("/usr/bin/env", "/usr/bin/perl", f"{folder}/script"):
        want(tree.find(path), f"{path} is not packed")
    inner = script(folder, "#!/bin/sh", "inner")
    want(packed(script(folder, f"#! {inner} -x")).find("/bin/sh"),
         "a script's script's interpreter")
    wants_error(program.Refused, "/no/such is not there", packed,
                script(folder, "#!/no/such"))
    wants_error(program.Refused, "nobody is not there", packed,
                script(folder, "#!/usr/bin/env nobody"))
    wants_error(program.Refused, "names no interpreter", packed,
                script(folder, "#!"))
    own = f"{folder}/own"
    wants_error(program.Refused, "too many interpreters", packed,
                script(folder, f"#!{own}", "own"))


def interpreters_of_the_guest_serve_too(folder):
    path = script(folder, "#!/bin/sh")
    wants_error(program.Refused, "/bin/sh is not there", packed, path, False)
    shell = [mkimage.Entry("bin/sh", b"x", stat.S_IFREG | 0o755)]
    want(packed(path, False, shell).find(path), "the script")


def foreign_dynamic_programs_are_told_what_helps(folder):
    compile_c("int main(void) { return 0; }", f"{folder}/p", "-nostartfiles",
              "-Wl,-e,main", "-lc")
    wants_error(program.Refused, "--root DIR", packed, f"{folder}/p", False)


def the_locale_comes_along(_folder):
    if ARCH != platform.machine() or not os.path.isdir("/usr/lib/locale/C.utf8"):
        return
    for values, there in (({"LANG": "C.UTF-8"}, True), ({"LC_ALL": "C"}, False)):
        tree = trees.Tree([])
        pack.Packer(tree, ARCH, True, values).add_program("ls", "/bin/ls")
        found = tree.find("/usr/lib/locale/C.utf8/LC_CTYPE")
        want(bool(found) == there, f"{values}: {bool(found)}")
        want(tree.find("/etc/passwd"), "/etc/passwd")


def missing_libraries_are_named(folder):
    if ARCH != platform.machine():
        return
    library(folder, "/lib", "libnowhere.so")
    compile_c(LINK, f"{folder}/p", "-Wl,-e,main", f"{folder}/lib/libnowhere.so",
              "-Wl,--dynamic-linker," + elf.Elf(
                  open("/bin/sh", "rb").read(), ARCH).interpreter)
    error = wants_error(program.Refused, "needs libnowhere.so", packed,
                        f"{folder}/p")
    want(error.status == 126, f"status {error.status}")


def a_link_to_a_folder_takes_in_what_was_there(_folder):
    tree = trees.Tree([mkimage.Entry("bin/busybox", b"1"),
                       mkimage.Entry("bin/sh", b"busybox", stat.S_IFLNK | 0o777)])
    tree.add(mkimage.Entry("bin", b"usr/bin", stat.S_IFLNK | 0o777))
    tree.add(mkimage.Entry("bin/ls", b"2"))
    tree.add(mkimage.Entry("bin", mode=stat.S_IFDIR | 0o755))
    want(set(tree.entries) == {"bin", "usr/bin/busybox", "usr/bin/sh", "usr/bin/ls"},
         set(tree.entries))
    want(tree.find("/bin/sh").data == b"1", "a link in a linked folder")
    wants_error(trees.TreeError, "no folder", tree.add,
                mkimage.Entry("bin/ls/x", b""))


def a_root_keeps_links_modes_owners_and_names(folder):
    root, archive = f"{folder}/root", f"{folder}/root.cpio"
    os.makedirs(f"{root}/dev/not")
    os.makedirs(f"{root}/private")
    os.chmod(f"{root}/private", 0o1750)
    names = ["grüß", "日本", os.fsdecode(b"not-utf-8-\xff"), "two words"]
    for number, name in enumerate(names):
        with open(f"{root}/{name}", "w", encoding="utf-8") as file:
            file.write(name.encode(errors="surrogateescape").hex())
        os.chmod(f"{root}/{name}", 0o640 + number)
    os.symlink("nowhere", f"{root}/dangling")
    if os.geteuid() == 0:
        os.chown(f"{root}/grüß", 12, 34)
    tree = trees.Tree([mkimage.Entry("9ball", b"x")])
    tree.add_root(root)
    mkimage.write_archive(archive, tree.list())
    found = {e.name: e for e in mkimage.read_archive(archive)}
    want(set(found) == {"9ball", "dangling", "dev", "private", *names}, found)
    for number, name in enumerate(names):
        info = os.stat(f"{root}/{name}")
        entry = found[name]
        want(entry.data.decode() == os.fsencode(name).hex(), name)
        want(entry.mode == stat.S_IFREG | 0o640 + number, oct(entry.mode))
        want((entry.uid, entry.gid, entry.time)
             == (info.st_uid, info.st_gid, int(info.st_mtime)), name)
    want(found["private"].mode == stat.S_IFDIR | 0o1750, "a folder's mode")
    want(found["dangling"].data == b"nowhere", "a dangling link")


def unfit_roots_are_refused(folder):
    tree = trees.Tree([mkimage.Entry("9ball", b"x")])
    wants_error(trees.TreeError, "is no folder", tree.add_root, f"{folder}/none")
    with open(f"{folder}/9ball", "wb"):
        pass
    wants_error(trees.TreeError, "9ball is a name", tree.add_root, folder)
    os.unlink(f"{folder}/9ball")
    os.mkfifo(f"{folder}/pipe")
    wants_error(trees.TreeError, "neither file", tree.add_root, folder)


def glenda(*words):
    return subprocess.run([os.path.join(TOP, "glenda"), "run", *words],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=60, check=False)


def refusals_are_one_line_and_a_status(folder):
    os.mkdir(f"{folder}/bin")
    script(folder, "#!/bin/none", "bin/s")
    with open(f"{folder}/large", "wb") as file:
        file.truncate(60 << 20)
    for status, words, *command in (
            (127, "no such file", "--root", folder, "--", "/bin/x"),
            (127, "not found in PATH", "--root", folder, "--", "x"),
            (127, "no shell", "--root", folder),
            (126, "/bin/none is not there", "--root", folder, "--", "s"),
            (126, "is a folder", "--root", folder, "--", "/bin"),
            (125, "is no folder", "--root", f"{folder}/none", "--", "s"),
            (125, "is too little", "--mem", "32M", "--add",
             f"{folder}/large=/large"),
            (125, "not a size", "--mem", "much"),
            (125, "one processor", "--cpus", "2")):
        done = glenda(*command)
        want(done.returncode == status, f"{command}: {done.returncode}")
        want(done.stderr.startswith("glenda: ") and done.stderr.count("\n") == 1
             and words in done.stderr, f"{command}: {done.stderr!r}")


def main():
    status = 0
    for name, case in list(globals().items()):
        code = getattr(case, "__code__", None)
        if not code or case.__module__ != __name__ or code.co_argcount != 1 or (
                code.co_varnames[0] not in ("folder", "_folder", "root")):
            continue
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
