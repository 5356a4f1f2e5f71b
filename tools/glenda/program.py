# SPDX-License-Identifier: MIT
"""Is this file of the host a program that the guest can run?

Every refusal is a Refused with the exit status of shells: 127 when there is
no such file, 126 when it cannot be run, and one line that says why.
"""
import os
import stat
import struct

MACHINES = {3: "i386", 40: "arm", 62: "x86_64", 183: "aarch64", 243: "riscv64"}
ET_EXEC, ET_DYN = 2, 3
PT_LOAD, PT_INTERP = 1, 3
PROGRAM_HEADER = struct.Struct("<IIQQQQQQ")


class Refused(Exception):
    """Why a program does not run, and the exit status that tells."""

    def __init__(self, status, reason):
        super().__init__(reason)
        self.status = status


def find(name):
    """The host's file of a program's name; a plain name is sought in PATH."""
    if not name:
        raise Refused(127, "the program's name is empty")
    if "/" in name:
        return name
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder or ".", name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    raise Refused(127, f"{name}: not found in PATH")


def load(name, arch):
    """The bytes of a program, once it has passed every check."""
    path = find(name)
    try:
        info = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        raise Refused(127, f"{name}: no such file") from None
    except OSError as error:
        raise Refused(126, f"{name}: {error.strerror}") from None
    if stat.S_ISDIR(info.st_mode):
        raise Refused(126, f"{name}: is a folder")
    if not stat.S_ISREG(info.st_mode):
        raise Refused(126, f"{name}: is not a regular file")
    if not info.st_mode & 0o111:
        raise Refused(126, f"{name}: is not executable (chmod +x)")
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise Refused(126, f"{name}: {error.strerror}") from None
    if data[:2] != b"#!":
        check_elf(name, data, arch)
    return path, data


def check_elf(name, data, arch):
    """Refuse what is no whole static ELF program of the architecture."""
    def refuse(reason):
        raise Refused(126, f"{name}: {reason}")

    if data[:4] != b"\x7fELF":
        refuse("is neither an ELF program nor a script")
    if len(data) < 20:
        refuse("malformed ELF file: the header is cut off")
    machine = struct.unpack_from("<H", data, 18)[0]
    if data[5] != 1:
        refuse(f"is a big-endian program; this machine is {arch}")
    if MACHINES.get(machine) != arch or data[4] != 2:
        bits = "" if data[4] == 2 else "32-bit "
        found = bits + MACHINES.get(machine, f"machine {machine}")
        refuse(f"is a program for {found}; this machine is {arch}")
    if len(data) < 64:
        refuse("malformed ELF file: the header is cut off")
    kind, = struct.unpack_from("<H", data, 16)
    if kind not in (ET_EXEC, ET_DYN):
        refuse("is an ELF file but no program (an object or a core dump)")
    check_headers(refuse, data)


def check_headers(refuse, data):
    entry, table = struct.unpack_from("<QQ", data, 24)
    size, count = struct.unpack_from("<HH", data, 54)
    if size != PROGRAM_HEADER.size or not 0 < count <= 4096:
        refuse("malformed ELF file: no valid program headers")
    if table + size * count > len(data):
        refuse("malformed ELF file: the program headers are cut off")
    entered = False
    for index in range(count):
        kind, flags, offset, address, _, file_size, memory, _ = (
            PROGRAM_HEADER.unpack_from(data, table + index * size))
        if kind == PT_INTERP:
            refuse("is dynamically linked; only static programs run so far")
        if kind != PT_LOAD:
            continue
        if offset + file_size > len(data):
            refuse("malformed ELF file: a segment lies past the file's end")
        if memory < file_size or address + memory >= 1 << 64:
            refuse("malformed ELF file: a segment has an impossible size")
        entered = entered or (flags & 1 and address <= entry < address + memory)
    if not entered:
        refuse("malformed ELF file: the entry point lies in no code")
