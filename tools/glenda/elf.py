# SPDX-License-Identifier: MIT
"""Reads ELF files: is this a program for the machine, and what does it need?

Nothing is executed. Every number comes from a file that may be wrong in any
way; what does not hold is a Malformed with the reason.
"""
import struct

MACHINES = {3: "i386", 40: "arm", 62: "x86_64", 183: "aarch64", 243: "riscv64"}
MAGIC = b"\x7fELF"
ET_EXEC, ET_DYN = 2, 3
PT_LOAD, PT_DYNAMIC, PT_INTERP = 1, 2, 3
DT_NULL, DT_NEEDED, DT_STRTAB, DT_STRSZ, DT_RPATH, DT_RUNPATH = 0, 1, 5, 10, 15, 29
DYNAMIC_ENTRY = struct.Struct("<QQ")
ENTRIES_MAX = 1 << 16
PROGRAM_HEADER = struct.Struct("<IIQQQQQQ")
HEADERS_MAX = 4096
PATH_MAX = 4096


class Malformed(Exception):
    """Why this is no ELF file that can be used."""


class Segment:
    def __init__(self, fields):
        (self.kind, self.flags, self.offset, self.address, _, self.file_size,
         self.memory_size, _) = fields


class Elf:
    """A file for one machine: its segments, its interpreter ("" when static)
    and the words of its dynamic section."""

    def __init__(self, data, arch):
        self.data = data
        check_header(data, arch)
        self.kind, = struct.unpack_from("<H", data, 16)
        self.segments = list(segments(data))
        self.interpreter = self.find_interpreter()
        self.needed, self.rpath, self.runpath = self.find_needed()

    def of_kind(self, kind):
        return next((s for s in self.segments if s.kind == kind), None)

    def find_interpreter(self):
        segment = self.of_kind(PT_INTERP)
        if not segment:
            return ""
        text = self.data[segment.offset:segment.offset + segment.file_size]
        path = text.split(b"\0")[0]
        if b"\0" not in text or not path or len(path) >= PATH_MAX:
            raise Malformed("no valid name of the interpreter")
        return path.decode(errors="surrogateescape")

    def find_needed(self):
        """(DT_NEEDED, DT_RPATH, DT_RUNPATH) as lists of strings."""
        words = self.dynamic_words()
        values = dict(words)
        strings = self.strings(values) if DT_STRTAB in values else b""

        def string(at):
            end = strings.find(b"\0", at)
            if end < 0:
                raise Malformed("a name lies past the table of strings")
            return strings[at:end].decode(errors="surrogateescape")

        folders = [string(values[tag]).split(":") if tag in values else []
                   for tag in (DT_RPATH, DT_RUNPATH)]
        return [string(v) for tag, v in words if tag == DT_NEEDED], *folders

    def dynamic_words(self):
        segment = self.of_kind(PT_DYNAMIC)
        words = []
        count = segment.file_size // DYNAMIC_ENTRY.size if segment else 0
        for index in range(min(count, ENTRIES_MAX)):
            tag, value = DYNAMIC_ENTRY.unpack_from(
                self.data, segment.offset + index * DYNAMIC_ENTRY.size)
            if tag == DT_NULL:
                break
            words.append((tag, value))
        return words

    def strings(self, values):
        start = values[DT_STRTAB]
        for segment in self.segments:
            at = start - segment.address
            if segment.kind == PT_LOAD and 0 <= at < segment.file_size:
                size = min(values.get(DT_STRSZ, 0), segment.file_size - at)
                return self.data[segment.offset + at:segment.offset + at + size]
        raise Malformed("the table of strings lies in no segment")

    def check_entry(self):
        """Malformed unless the file can be entered as a program."""
        entry, = struct.unpack_from("<Q", self.data, 24)
        if not any(s.kind == PT_LOAD and s.flags & 1
                   and s.address <= entry < s.address + s.memory_size
                   for s in self.segments):
            raise Malformed("the entry point lies in no code")


def machine_of(data):
    """(name, is it 64-bit and little-endian) of what has an ELF header."""
    machine, = struct.unpack_from("<H", data, 18)
    return MACHINES.get(machine, f"machine {machine}"), data[4] == 2


class OtherMachine(Malformed):
    """A whole file, but for another machine."""


class NoProgram(Malformed):
    """A whole file, but nothing to be run or linked."""


def check_header(data, arch):
    if len(data) < 20:
        raise Malformed("the header is cut off")
    if data[5] != 1:
        raise OtherMachine(f"is a big-endian program; this machine is {arch}")
    name, wide = machine_of(data)
    if name != arch or not wide:
        found = name if wide else f"32-bit {name}"
        raise OtherMachine(f"is a program for {found}; this machine is {arch}")
    if len(data) < 64:
        raise Malformed("the header is cut off")
    kind, = struct.unpack_from("<H", data, 16)
    if kind not in (ET_EXEC, ET_DYN):
        raise NoProgram("is an ELF file but no program (an object or a core dump)")


def segments(data):
    table, = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    if size != PROGRAM_HEADER.size or not 0 < count <= HEADERS_MAX:
        raise Malformed("no valid program headers")
    if table + size * count > len(data):
        raise Malformed("the program headers are cut off")
    for index in range(count):
        segment = Segment(PROGRAM_HEADER.unpack_from(data, table + index * size))
        if segment.kind in (PT_LOAD, PT_DYNAMIC, PT_INTERP):
            if segment.offset + segment.file_size > len(data):
                raise Malformed("a segment lies past the file's end")
        if segment.kind == PT_LOAD and (
                segment.memory_size < segment.file_size
                or segment.address + segment.memory_size >= 1 << 64):
            raise Malformed("a segment has an impossible size")
        yield segment
