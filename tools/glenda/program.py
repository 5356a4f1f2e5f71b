# SPDX-License-Identifier: MIT
"""Is this file a program that the guest can run?

Every refusal is a Refused with the exit status of shells: 127 when there is
no such file, 126 when it cannot be run, and one line that says why.
"""
import os
import stat

import elf

SCRIPT_LINE = 256


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


def load(name, path):
    """The bytes of the host's file `path`, called `name` by the user."""
    try:
        info = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        raise Refused(127, f"{name}: no such file") from None
    except (OSError, ValueError) as error:
        raise Refused(126, f"{name}: {reason(error)}") from None
    check_mode(name, info.st_mode)
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise Refused(126, f"{name}: {reason(error)}") from None


def reason(error):
    return getattr(error, "strerror", None) or str(error)


def check_mode(name, mode):
    if stat.S_ISDIR(mode):
        raise Refused(126, f"{name}: is a folder")
    if not stat.S_ISREG(mode):
        raise Refused(126, f"{name}: is not a regular file")
    if not mode & 0o111:
        raise Refused(126, f"{name}: is not executable (chmod +x)")


def interpreter_line(name, data):
    """(interpreter, argument or "") of a script; None of anything else."""
    if data[:2] != b"#!":
        return None
    line = data[2:SCRIPT_LINE].split(b"\n")[0].decode(errors="surrogateescape")
    words = line.strip(" \t").split(None, 1)
    if not words:
        raise Refused(126, f"{name}: its first line names no interpreter")
    return words[0], words[1].strip() if len(words) > 1 else ""


def check_elf(name, data, arch):
    """The Elf of a whole program of the architecture; else it is refused."""
    if data[:4] != elf.MAGIC:
        raise Refused(126, f"{name}: is neither an ELF program nor a script")
    try:
        image = elf.Elf(data, arch)
        image.check_entry()
    except (elf.OtherMachine, elf.NoProgram) as error:
        raise Refused(126, f"{name}: {error}") from None
    except elf.Malformed as error:
        raise Refused(126, f"{name}: malformed ELF file: {error}") from None
    return image
