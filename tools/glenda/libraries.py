# SPDX-License-Identifier: MIT
"""Finds the shared libraries that a program needs, as its dynamic linker will:
DT_RPATH, LD_LIBRARY_PATH, DT_RUNPATH, /etc/ld.so.cache, the folders of
/etc/ld.so.conf, the usual folders. By reading files, never by executing one.

All paths are the guest's, which are the host's below a root of choice.
"""
import glob
import os
import struct

import elf

CACHE = "/etc/ld.so.cache"
CACHE_MAGIC = b"glibc-ld.so.cache1.1"
CACHE_HEADER = struct.Struct("<20sII20x")  # magic, entries, bytes of strings
CACHE_ENTRY = struct.Struct("<iIIIQ")
CONFIG = "/etc/ld.so.conf"
LINKS_MAX = 40
# $LIB of Debian's dynamic linkers, and where they look at last.
TRIPLETS = {"riscv64": "riscv64-linux-gnu", "x86_64": "x86_64-linux-gnu"}
PLAIN_FOLDERS = ("/lib64", "/usr/lib64", "/lib", "/usr/lib")


class Missing(Exception):
    """A library that is nowhere."""


class Files:
    """The files below one root."""

    def __init__(self, root="/"):
        self.root = root.rstrip("/")

    def host(self, path):
        return self.root + path

    def trail(self, path):
        """([symbolic links on the way], path without any); an absolute link
        starts again at the root."""
        links, done, left = [], "", path.split("/")
        while left:
            part = left.pop(0)
            if part in ("", "."):
                continue
            if part == "..":
                done = os.path.dirname(done).rstrip("/")
                continue
            at = f"{done}/{part}"
            if not os.path.islink(self.host(at)):
                done = at
                continue
            links.append(at)
            if len(links) > LINKS_MAX:
                raise OSError(40, "Too many levels of symbolic links", path)
            target = os.readlink(self.host(at))
            done = "" if target.startswith("/") else done
            left = target.split("/") + left
        return links, done or "/"

    def read(self, path):
        with open(self.host(self.trail(path)[1]), "rb") as file:
            return file.read()

    def is_file(self, path):
        try:
            return os.path.isfile(self.host(self.trail(path)[1]))
        except OSError:
            return False

    def matching(self, pattern):
        """Paths that match a shell pattern, sorted."""
        found = glob.glob(glob.escape(self.root) + pattern)
        return sorted(path[len(self.root):] for path in found)


def read_cache(data):
    """Paths by library name, in the cache's order."""
    start = data.find(CACHE_MAGIC)
    found = {}
    if start < 0 or len(data) < start + CACHE_HEADER.size:
        return found
    _, count, _ = CACHE_HEADER.unpack_from(data, start)

    def string(at):
        end = data.find(b"\0", start + at)
        return data[start + at:end].decode(errors="surrogateescape")

    for index in range(count):
        at = start + CACHE_HEADER.size + index * CACHE_ENTRY.size
        if at + CACHE_ENTRY.size > len(data):
            break
        _, key, value, _, _ = CACHE_ENTRY.unpack_from(data, at)
        found.setdefault(string(key), []).append(string(value))
    return found


class Object:
    """A program or library, and the one that wanted it."""

    def __init__(self, path, image, loader=None):
        self.path, self.image, self.loader = path, image, loader


class Libraries:
    """What a root's files offer to programs of one architecture."""

    def __init__(self, files, arch, library_path=""):
        self.files, self.arch = files, arch
        self.library_path = [f for f in library_path.split(":") if f]
        try:
            self.cache = read_cache(files.read(CACHE))
        except OSError:
            self.cache = {}
        triplet = TRIPLETS[arch]
        self.folders = list(self.configured(CONFIG, 0))
        self.folders += [f"/lib/{triplet}", f"/usr/lib/{triplet}", *PLAIN_FOLDERS]

    def configured(self, path, depth):
        """The folders that a configuration file lists, includes followed."""
        try:
            text = self.files.read(path).decode(errors="surrogateescape")
        except OSError:
            return
        for line in text.splitlines():
            words = line.split("#", 1)[0].replace(",", " ").split()
            if words[:1] == ["include"] and depth < 8:
                for pattern in words[1:]:
                    pattern = os.path.join(os.path.dirname(path), pattern)
                    for name in self.files.matching(pattern):
                        yield from self.configured(name, depth + 1)
            elif words[:1] != ["hwcap"]:
                yield from (w for w in words if w.startswith("/"))

    def expand(self, folder, owner):
        """A folder of DT_RPATH or DT_RUNPATH with its variables filled in."""
        origin = os.path.dirname(self.files.trail(owner.path)[1])
        for name, value in (("ORIGIN", origin), ("PLATFORM", self.arch),
                            ("LIB", f"lib/{TRIPLETS[self.arch]}")):
            folder = folder.replace("${%s}" % name, value)
            folder = folder.replace(f"${name}", value)
        return folder

    def searched(self, owner):
        """Folders in the order of search, before and behind the cache."""
        before, at = [], owner
        while at and not owner.image.runpath:
            if not at.image.runpath:
                before += [self.expand(f, at) for f in at.image.rpath]
            at = at.loader
        before += self.library_path
        before += [self.expand(f, owner) for f in owner.image.runpath]
        return before, self.folders

    def usable(self, path):
        """The Elf of a library that fits the machine; None of anything else."""
        if not path.startswith("/") or not self.files.is_file(path):
            return None
        try:
            return elf.Elf(self.files.read(path), self.arch)
        except (OSError, elf.Malformed):
            return None

    def variants(self, folder, name):
        """Builds of a library for newer processors, which the guest's linker
        may prefer."""
        found = self.files.matching(
            f"{glob.escape(folder)}/glibc-hwcaps/*/{glob.escape(name)}")
        return [path for path in found if self.usable(path)]

    def find(self, name, owner):
        """Paths of a library, the plain build first; Missing if there is none."""
        if "/" in name:
            candidates = [os.path.join(os.path.dirname(owner.path), name)]
        else:
            before, behind = self.searched(owner)
            candidates = [f"{f}/{name}" for f in before if f]
            candidates += [p for p in self.cache.get(name, [])
                           if "/glibc-hwcaps/" not in p]
            candidates += [f"{f}/{name}" for f in behind]
        for path in candidates:
            if self.usable(path):
                return [path, *self.variants(os.path.dirname(path),
                                             os.path.basename(path))]
        raise Missing(name)

    def closure(self, path, image):
        """Paths of the interpreter and of all libraries that a program needs,
        those of its libraries included."""
        found, queue = [], [Object(path, image)]
        if image.interpreter:
            if not self.usable(image.interpreter):
                raise Missing(image.interpreter)
            found.append(image.interpreter)
        names = {os.path.basename(image.interpreter)}
        while queue:
            owner = queue.pop(0)
            for name in owner.image.needed:
                if name in names:
                    continue
                names.add(name)
                for at in self.find(name, owner):
                    found.append(at)
                    queue.append(Object(at, self.usable(at), owner))
        return found
