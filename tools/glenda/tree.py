# SPDX-License-Identifier: MIT
"""The guest's root folder as it is put together: entries of a boot archive by
path, in which symbolic links to folders are followed, so that a tree in which
/bin is a link and one in which it is a folder become one."""
import os
import stat

import mkimage

LINKS_MAX = 40
# Filled by the system itself, whatever a folder of the host holds there.
SYSTEM_FOLDERS = ("dev", "proc", "sys")


class TreeError(Exception):
    """What cannot be put together: one line for the user."""


def host_entry(host, guest):
    info = os.lstat(host)
    if stat.S_ISLNK(info.st_mode):
        data = os.fsencode(os.readlink(host))
    elif stat.S_ISREG(info.st_mode):
        with open(host, "rb") as file:
            data = file.read()
    elif stat.S_ISDIR(info.st_mode):
        data = b""
    else:
        raise TreeError(f"{host}: neither file, link nor folder")
    return mkimage.Entry(guest, data, info.st_mode, info.st_uid, info.st_gid,
                         int(info.st_mtime))


def raise_error(error):
    raise error


class Tree:
    """Entries by path without leading slash."""

    def __init__(self, entries):
        self.entries = {}
        for entry in entries:
            self.add(entry)

    def resolve(self, path, last=True):
        """The path without links in it; with `last` false its last name may
        be one. What is not there resolves as it is."""
        done, left, count = "", path.split("/"), 0
        while left:
            part = left.pop(0)
            if part in ("", "."):
                continue
            if part == "..":
                done = os.path.dirname(done)
                continue
            at = f"{done}/{part}".lstrip("/")
            entry = self.entries.get(at)
            if not entry or not stat.S_ISLNK(entry.mode) or not (left or last):
                done = at
                continue
            count += 1
            if count > LINKS_MAX:
                raise TreeError(f"{path}: too many levels of symbolic links")
            target = os.fsdecode(entry.data)
            done = "" if target.startswith("/") else done
            left = target.split("/") + left
        return done

    def find(self, path):
        """The entry that a path leads to, or None."""
        return self.entries.get(self.resolve(path))

    def below(self, name):
        return [n for n in self.entries if n.startswith(name + "/")]

    def add(self, entry):
        """Put an entry where its path leads; a later one replaces a former."""
        name = self.resolve(entry.name, last=False)
        if not name:
            return
        for parent in self.parents(name):
            found = self.entries.get(parent)
            if found and not stat.S_ISDIR(found.mode):
                raise TreeError(f"/{name}: /{parent} is no folder")
        old = self.entries.get(name)
        if stat.S_ISDIR(entry.mode) and old and stat.S_ISLNK(old.mode):
            target = self.find(name)
            if not target or stat.S_ISDIR(target.mode):
                return
        moved = []
        if not stat.S_ISDIR(entry.mode):
            moved = [self.entries.pop(n) for n in self.below(name)]
        if moved and not stat.S_ISLNK(entry.mode):
            raise TreeError(f"/{name}: a file where a folder is")
        entry.name = name
        self.entries[name] = entry
        for inner in moved:
            if self.resolve(inner.name, last=False) not in self.entries:
                self.add(inner)

    @staticmethod
    def parents(name):
        parts = name.split("/")[:-1]
        return ["/".join(parts[:n]) for n in range(1, len(parts) + 1)]

    def add_host(self, host, guest):
        """A file or folder of the host; links, modes and owners stay."""
        try:
            self.add(host_entry(host, guest))
        except OSError as error:
            raise TreeError(f"{host}: {error.strerror}") from None
        if os.path.isdir(host) and not os.path.islink(host):
            self.add_inside(host, guest, ())

    def add_root(self, host):
        """A folder of the host as the guest's root."""
        if not os.path.isdir(host):
            raise TreeError(f"--root {host}: is no folder")
        taken = set(self.entries) & set(os.listdir(host))
        if taken:
            raise TreeError(f"--root {host}: {sorted(taken)[0]} is a name that "
                            "Glenda itself needs there")
        self.add_inside(host, "/", SYSTEM_FOLDERS)

    def add_inside(self, host, guest, skipped):
        top = os.path.join(host, "")
        for folder, folders, files in os.walk(host, onerror=raise_error):
            inside = os.path.join(guest, os.path.relpath(folder, top))
            for name in sorted(folders + files):
                at = os.path.normpath(os.path.join(inside, name))
                try:
                    self.add(host_entry(os.path.join(folder, name), at))
                except OSError as error:
                    raise TreeError(f"{os.path.join(folder, name)}: "
                                    f"{error.strerror}") from None
            if folder == host:
                folders[:] = [f for f in folders if f not in skipped]

    def list(self):
        return list(self.entries.values())

    def bytes(self):
        return sum(len(entry.data) for entry in self.entries.values())
