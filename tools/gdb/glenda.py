# SPDX-License-Identifier: MIT
"""Kernel objects for gdb: `help user-defined`, or the docstrings below.

Threads are found by following every capability from what the processors run
and have queued: CNodes to their slots, TCBs to their own CSpaces.
"""
import gdb

PHYSICAL_MAP = {"riscv64": 0xffffffc000000000, "x86_64": 0xffff800000000000}


# Words of a context, in the order of the contract between the layers.
REGISTERS = {
    "riscv64": ["pc"] + [f"x{n}" for n in range(1, 32)],
    "x86_64": ["rip", "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp"]
              + [f"r{n}" for n in range(8, 16)] + ["rflags", "fs", "gs"],
}


def enumerators(name, prefix):
    """number -> name of an enum of the kernel, without its prefix."""
    fields = gdb.lookup_type(f"enum {name}").fields()
    return {f.enumval: f.name.removeprefix(prefix).lower() for f in fields}


def architecture():
    name = gdb.selected_frame().architecture().name()
    return "x86_64" if "x86" in name else "riscv64"


def physical_map():
    return PHYSICAL_MAP[architecture()]


def registers():
    return REGISTERS[architecture()]


def object_at(address, kind):
    pointer = gdb.lookup_type(f"struct {kind}").pointer()
    return gdb.Value(address).cast(gdb.lookup_type("unsigned long")).cast(
        pointer).dereference()


class Cap:
    """A capability, taken apart as kernel/include/cap.h says."""

    def __init__(self, value):
        meta, self.extra = int(value["meta"]), int(value["extra"])
        self.type, self.rights = meta & 0xff, meta >> 8 & 0x7f
        self.aux, self.reference = meta >> 16 & 0xffff, meta >> 32

    @property
    def name(self):
        return enumerators("object_type", "OBJECT_").get(self.type, "?")

    @property
    def address(self):
        return physical_map() + (self.reference << 5) if self.reference else 0

    def __str__(self):
        rights = "".join(letter if self.rights >> bit & 1 else "-"
                         for bit, letter in enumerate("rwxg"))
        if self.name in ("frame", "untyped"):
            first, pages = self.extra & (1 << 36) - 1, self.extra >> 36
            return f"{self.name} {rights} {first << 12:#x} {pages} pages"
        return f"{self.name} {rights} {self.address:#x} extra {self.extra:#x}"


def slots_of(cap):
    """(index, Cap) of each used slot of the CNode that a Cap names."""
    size = gdb.lookup_type("struct slot").sizeof
    for index in range(1, 1 << cap.aux):
        found = Cap(object_at(cap.address + index * size, "slot")["cap"])
        if found.type:
            yield index, found


def first_threads():
    """What the processors run, and all that is ready."""
    processors = gdb.parse_and_eval("processors")
    low, high = processors.type.range()
    for number in range(low, high + 1):
        processor = processors[number]
        if int(processor["current"]):
            yield int(processor["current"])
        for word in range(4):
            bits = int(processor["ready"][word])
            for bit in range(64):
                if bits >> bit & 1:
                    thread = processor["queue"][word * 64 + bit]["head"]
                    while int(thread):
                        yield int(thread)
                        thread = thread["next"]


def all_threads():
    """Addresses of all threads that some capability reaches."""
    threads, nodes = [], set()
    todo = list(first_threads())
    while todo:
        address = todo.pop()
        if address in threads:
            continue
        threads.append(address)
        caps = [Cap(object_at(address, "thread")["cspace"]["cap"])]
        while caps:
            cap = caps.pop()
            if cap.name == "tcb":
                todo.append(cap.address)
            elif cap.name == "cnode" and cap.address not in nodes:
                nodes.add(cap.address)
                caps += [found for _, found in slots_of(cap)]
    return sorted(threads)


def thread_line(address):
    thread = object_at(address, "thread")
    state = enumerators("thread_state", "THREAD_").get(int(thread["state"]), "?")
    flags = [name for bit, name in enumerators("thread_flag", "THREAD_").items()
             if int(thread["flags"]) & bit]
    pc = int(thread["context"]["x"][0])
    return (f"{address:#x} tag {int(thread['tag']):5} {state:9} "
            f"priority {int(thread['priority']):3} pc {pc:#x} "
            f"waits on {int(thread['waiting_on']):#x} {' '.join(flags)}")


class Threads(gdb.Command):
    """glenda-threads: every thread that a capability reaches."""

    def __init__(self):
        super().__init__("glenda-threads", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        for address in all_threads():
            print(thread_line(address))


class Thread(gdb.Command):
    """glenda-thread ADDRESS: registers and capabilities of one thread."""

    def __init__(self):
        super().__init__("glenda-thread", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, argument, from_tty):
        address = int(gdb.parse_and_eval(argument))
        thread = object_at(address, "thread")
        print(thread_line(address))
        for index in range(0, len(registers()), 4):
            print("  " + " ".join(
                f"{name:>6} {int(thread['context']['x'][index + n]):016x}"
                for n, name in enumerate(registers()[index:index + 4])))
        for name in ("cspace", "vspace", "utcb_frame", "fault", "notification"):
            print(f"  {name}: {Cap(thread[name]['cap'])}")


class Cspace(gdb.Command):
    """glenda-cspace ADDRESS: used slots of a thread's root CNode."""

    def __init__(self):
        super().__init__("glenda-cspace", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, argument, from_tty):
        thread = object_at(int(gdb.parse_and_eval(argument)), "thread")
        for index, cap in slots_of(Cap(thread["cspace"]["cap"])):
            print(f"{index:5}: {cap}")


class Slots(gdb.Command):
    """glenda-slots ADDRESS: used slots of the CNode at an address."""

    def __init__(self):
        super().__init__("glenda-slots", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, argument, from_tty):
        address = int(gdb.parse_and_eval(argument))
        cap = Cap({"meta": (address - physical_map() >> 5) << 32
                   | int(object_at(address, "cnode")["bits"]) << 16, "extra": 0})
        for index, found in slots_of(cap):
            print(f"{index:5}: {found}")


class Cpus(gdb.Command):
    """glenda-cpus: what each processor does."""

    def __init__(self):
        super().__init__("glenda-cpus", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        processors = gdb.parse_and_eval("processors")
        low, high = processors.type.range()
        for number in range(low, high + 1):
            processor = processors[number]
            if int(processor["kernel_stack"]) == 0:
                continue
            current = int(processor["current"])
            print(f"{number}: " + (thread_line(current) if current else "idle"))


for command in (Threads, Thread, Cspace, Slots, Cpus):
    command()
