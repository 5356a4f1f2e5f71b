# SPDX-License-Identifier: MIT
"""Which files of the host a program needs, put into the guest's tree: itself,
the interpreter that a script or a dynamic program names, all libraries, and
the few files in /etc by which names of users are found."""
import os
import stat

import elf
import libraries
import program
import tree as trees

SCRIPT_DEPTH = 4
LOCALES = "/usr/lib/locale"
ARCHIVE_MAX = 16 << 20  # of all locales in one file; a larger one stays away
# For programs that use the C library's shared objects.
COMPANIONS = ("/etc/passwd", "/etc/group", "/etc/nsswitch.conf",
              "/etc/ld.so.cache")


class Packer:
    """Puts programs into one tree. `native`: the host's own libraries fit."""

    def __init__(self, tree, arch, native, environment):
        self.tree, self.arch, self.native = tree, arch, native
        self.environment = environment
        self.files = libraries.Files()
        self.found = None

    def add_file(self, path):
        """One file of the host under its own path, links to it included."""
        links, final = self.files.trail(path)
        for at in [*links, final]:
            self.tree.add(trees.host_entry(at, at))

    def add_program(self, name, path, depth=0):
        """A program of the host, with all that it needs."""
        data = program.load(name, path)
        script = program.interpreter_line(name, data)
        image = None if script else program.check_elf(name, data, self.arch)
        guest = os.path.abspath(path)
        self.add_file(guest)
        if script:
            self.add_interpreter(name, *script, depth + 1)
        elif image.interpreter:
            self.add_libraries(name, guest, image)

    def add_interpreter(self, name, path, argument, depth):
        if depth > SCRIPT_DEPTH:
            raise program.Refused(126, f"{name}: too many interpreters, each a "
                                       "script itself")
        words = argument.split()
        if os.path.basename(path) == "env" and words:
            self.add_by_name(name, words[1 if words[0] == "-S" and words[1:]
                                           else 0], depth)
        if self.native and path.startswith("/") and os.path.exists(path):
            self.add_program(path, path, depth)
        elif not self.tree.find(path):
            raise program.Refused(
                126, f"{name}: its interpreter {path} is not there")

    def add_by_name(self, script, name, depth):
        """What `env NAME` will start."""
        folders = self.environment.get("PATH", "").split(":")
        for folder in folders if "/" not in name else [""]:
            path = f"{folder}/{name}" if folder else name
            if self.tree.find(path):
                return
            if self.native and os.access(path, os.X_OK) and os.path.isfile(path):
                self.add_program(path, path, depth)
                return
        raise program.Refused(126, f"{script}: its interpreter {name} is not there")

    def add_libraries(self, name, guest, image):
        if not self.native:
            raise program.Refused(
                126, f"{name}: is dynamically linked for {self.arch}; give a "
                     "folder that holds its libraries, too: --root DIR")
        if not self.found:
            self.found = libraries.Libraries(
                self.files, self.arch, self.environment.get("LD_LIBRARY_PATH", ""))
        try:
            for path in self.found.closure(guest, image):
                self.add_file(path)
        except libraries.Missing as missing:
            raise program.Refused(
                126, f"{name}: needs {missing}, which is not there") from None
        except elf.Malformed as error:
            raise program.Refused(126, f"{name}: {error}") from None
        for path in [*COMPANIONS, *self.locale_files()]:
            if os.access(path, os.R_OK):
                self.add_file(path)

    def locale_files(self):
        """The files of the locale that the environment names, if any."""
        for name in ("LC_ALL", "LC_CTYPE", "LANG"):
            language, _, coding = self.environment.get(name, "").partition(".")
            # As the C library spells it in names of folders.
            coding = "".join(c for c in coding.lower() if c.isalnum())
            folder = f"{LOCALES}/{language}.{coding}" if coding else ""
            if folder and "/" not in language and os.path.isdir(folder):
                return [os.path.join(at, name) for at, _, names in
                        os.walk(folder) for name in names]
            archive = f"{LOCALES}/locale-archive"
            if coding and os.path.exists(archive) and (
                    os.path.getsize(archive) <= ARCHIVE_MAX):
                return [archive]
        return []


def check_inside(tree, name, cwd, arch, environment):
    """The guest's path of a program that the tree holds already, checked."""
    if not name:
        raise program.Refused(127, "the program's name is empty")
    path = name if name.startswith("/") else f"{cwd}/{name}"
    if "/" not in name:
        folders = environment.get("PATH", "").split(":")
        paths = [f"{folder}/{name}" for folder in folders]
        path = next((p for p in paths if is_program(tree.find(p))), "")
        if not path:
            raise program.Refused(127, f"{name}: not found in PATH")
    check_entry(tree, name, path, arch, 0)
    return path


def is_program(entry):
    return entry and stat.S_ISREG(entry.mode) and entry.mode & 0o111


def check_entry(tree, name, path, arch, depth):
    entry = tree.find(path)
    if not entry:
        raise program.Refused(127 if depth == 0 else 126, f"{name}: no such file")
    program.check_mode(name, entry.mode)
    script = program.interpreter_line(name, entry.data)
    if script:
        needed = script[0]
    else:
        needed = program.check_elf(name, entry.data, arch).interpreter
    if not needed:
        return
    if not tree.find(needed):
        raise program.Refused(
            126, f"{name}: its interpreter {needed} is not there")
    if script and depth < SCRIPT_DEPTH:
        check_entry(tree, needed, needed, arch, depth + 1)
