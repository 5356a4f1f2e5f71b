#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Build a boot archive: cpio newc, every file's data on a page boundary.

usage: mkimage.py -o OUT [--base ARCHIVE] [NAME=PATH[:MODE]|NAME@TARGET]...

The data of each regular file starts at a multiple of 4096 bytes from the
archive's start, so that a page of it can be mapped as it lies. The format has
no field for padding, but a name may be followed by any number of NULs that
its size counts, and all readers stop at the first. Folders above a file are
made. Order and times are fixed, so equal input gives an equal archive.
NAME@TARGET makes a symbolic link.

From Python: write_archive(path, entries) with entries of class Entry, and
read_archive(path).
"""
import argparse
import os
import stat
import sys

PAGE = 4096
HEADER = 110
TRAILER = "TRAILER!!!"


class Entry:
    """A file, folder or link of an archive; data is bytes, the time in seconds
    since 1970."""

    def __init__(self, name, data=b"", mode=stat.S_IFREG | 0o644, uid=0, gid=0,
                 time=0):
        self.name, self.data, self.mode = name.strip("/"), data, mode
        self.uid, self.gid, self.time = uid, gid, time


def header(number, entry, name_size):
    links = 2 if stat.S_ISDIR(entry.mode) else 1
    fields = (number, entry.mode, entry.uid, entry.gid, links,
              entry.time & 0xffffffff, len(entry.data), 0, 0, 0, 0, name_size, 0)
    return b"070701" + b"".join(b"%08X" % field for field in fields)


def padded_name(name, offset, align):
    """The NUL-ended name, grown so that what follows it is aligned."""
    name = os.fsencode(name) + b"\0"
    return name + b"\0" * (-(offset + HEADER + len(name)) % align)


def with_folders(entries):
    """Entries by name, each after the folders that it lies in."""
    found = {}
    for entry in entries:
        parts = entry.name.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            found.setdefault(folder, Entry(folder, mode=stat.S_IFDIR | 0o755))
        if entry.name:
            found[entry.name] = entry
    return [found[name] for name in sorted(found)]


def write_archive(path, entries):
    out = bytearray()
    number = 0
    for number, entry in enumerate(with_folders(entries), 1):
        paged = entry.data and stat.S_ISREG(entry.mode)
        name = padded_name(entry.name, len(out), PAGE if paged else 4)
        out += header(number, entry, len(name))
        out += name + entry.data
        out += b"\0" * (-len(out) % 4)
    name = padded_name(TRAILER, len(out), 4)
    out += header(0, Entry(TRAILER, mode=0), len(name)) + name
    out += b"\0" * (-len(out) % PAGE)
    with open(path + ".part", "wb") as file:
        file.write(out)
    os.replace(path + ".part", path)


def read_archive(path):
    """The entries of an archive written by write_archive or cpio -H newc."""
    with open(path, "rb") as file:
        raw = file.read()
    entries, at = [], 0
    while True:
        if raw[at:at + 6] != b"070701":
            raise ValueError(f"{path}: no cpio header at {at}")
        fields = [int(raw[at + 6 + 8 * i:at + 14 + 8 * i], 16) for i in range(13)]
        size, name_size = fields[6], fields[11]
        name = os.fsdecode(
            raw[at + HEADER:at + HEADER + name_size].split(b"\0")[0])
        start = (at + HEADER + name_size + 3) & ~3
        if name == TRAILER:
            return entries
        entries.append(Entry(name, raw[start:start + size], fields[1], fields[2],
                             fields[3], fields[5]))
        at = (start + size + 3) & ~3


def entry_of(argument):
    """NAME=PATH[:MODE] (octal, else that of the file) or NAME@TARGET."""
    link, at, target = argument.partition("@")
    if at and "=" not in link:
        return Entry(link, target.encode(), stat.S_IFLNK | 0o777)
    name, _, path = argument.partition("=")
    if not name or not path:
        raise ValueError(f"{argument}: not NAME=PATH")
    head, _, tail = path.rpartition(":")
    with open(head if head and tail.isdigit() else path, "rb") as file:
        executable = os.fstat(file.fileno()).st_mode & 0o111
        data = file.read()
    mode = int(tail, 8) if head and tail.isdigit() else 0o755 if executable else 0o644
    return Entry(name, data, stat.S_IFREG | mode)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", dest="out", required=True)
    parser.add_argument("--base", help="an archive whose entries come along")
    parser.add_argument("entries", nargs="*", metavar="NAME=PATH")
    args = parser.parse_args()
    try:
        entries = read_archive(args.base) if args.base else []
        write_archive(args.out, entries + [entry_of(e) for e in args.entries])
    except (OSError, ValueError) as error:
        print(f"mkimage: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
