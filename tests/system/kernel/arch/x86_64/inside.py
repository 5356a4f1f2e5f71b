#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The kernel of x86_64, looked at from outside while it runs.

usage: inside.py BUILD

What user mode cannot see: control registers, gates, on which stack a trap
arrives, and what a fault of the kernel itself prints. Rows A7, A9, Y2, Y5, Y6,
Y7, N2. Prints a PASS or FAIL line for each case.
"""
import os
import re
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/../..")
from gdb import Inside, symbols  # noqa: E402
from inside import SECONDS, check_panic, run_cases, want  # noqa: E402
from mappings import LARGE  # noqa: E402
from run import make_archive  # noqa: E402

DI, SP, PC, FLAGS = 5, 7, 16, 17
REGISTERS = 20
PAGE = 4096
PHYSICAL_MAP = 0xffff800000000000
IMAGE = 0xffffff0000000000
IMAGE_LOAD = 0x200000
VALID, LARGE_LEAF = 1, 1 << 7
ADDRESS = 0x000ffffffffff000
MEMORY = 64 << 20
NOWHERE = 0xffffc00000000000
INTERRUPTS = 1 << 9     # in the flags
CR0 = {"paging": 31, "write protection": 16, "FP errors": 5}
CR4 = {"global pages": 7, "FSGSBASE": 16, "UMIP": 11, "SMEP": 20, "SMAP": 21}
EFER = {"no execute": 11, "system calls": 0}
OWN_STACKS = {"NMI": 2, "double fault": 8, "page fault": 14, "timer": 94}
STUB = 16
TASK_STACKS = 36        # in the task segment: the first of trap stacks
PAGE_FAULT_STACK = 2


class Kernel:
    def __init__(self, build):
        self.build, self.archive = build, make_archive(build)
        self.names = symbols("x86_64-linux-gnu-nm",
                             f"{build}/kernel/glenda.elf")

    def boot(self, arguments=""):
        return Inside(["qemu-system-x86_64", "-M", "microvm,acpi=off", "-cpu",
                       "max", "-m", str(MEMORY >> 20), "-nographic",
                       "-no-reboot", "-accel", "tcg", "-device",
                       "isa-debug-exit,iobase=0xf4,iosize=4", "-kernel",
                       f"{self.build}/kernel/glenda.image", "-initrd",
                       self.archive, "-append", arguments],
                      SECONDS)


def control(machine):
    """Control registers by name; tables by the address where they begin."""
    text = machine.monitor("info registers")
    return {name.rstrip("="): int(value, 16) for name, value in
            re.findall(r"(\w+) *= *([0-9a-f]+)", text)}


def protections_are_on_before_programs_run(kernel):
    with kernel.boot() as machine:
        want(machine.run_to(kernel.names["context_resume"]), "never")
        found = control(machine)
        for register, bits in (("CR0", CR0), ("CR4", CR4), ("EFER", EFER)):
            for name, bit in bits.items():
                want(found[register] >> bit & 1, name, "is off")


def table(machine, physical):
    """The valid entries of a page table: index -> value."""
    data = machine.memory(PHYSICAL_MAP + physical, PAGE // 2) + \
        machine.memory(PHYSICAL_MAP + physical + PAGE // 2, PAGE // 2)
    values = enumerate(struct.unpack("<512Q", data))
    return {index: value for index, value in values if value & VALID}


def layout_is_as_row_y5_says(kernel):
    """Memory by 2 MiB pages but for the image's, the image in its region, and
    nothing elsewhere in the kernel's half."""
    want(kernel.names["kernel_start"] == IMAGE, "the image is elsewhere")
    with kernel.boot() as machine:
        machine.run_to(kernel.names["kernel_main"])
        root = table(machine, control(machine)["CR3"])
        want(set(root) == {PHYSICAL_MAP >> 39 & 511, IMAGE >> 39 & 511},
             f"entries {set(root)} of the root")
        top = table(machine, root[PHYSICAL_MAP >> 39 & 511] & ADDRESS)
        want(set(top) == {0, 1, 2, 3}, f"GiB {set(top)} of memory")
        directory = table(machine, top[0] & ADDRESS)
    for index, value in directory.items():
        at = index * LARGE
        want(bool(value & LARGE_LEAF) == (at != IMAGE_LOAD), f"{at:#x}")
        want(value & ADDRESS == at or at == IMAGE_LOAD,
             f"{at:#x} shows {value:#x}")


def some_traps_have_stacks_of_their_own(kernel):
    with kernel.boot() as machine:
        machine.run_to(kernel.names["context_resume"])
        gates = int(re.search(r"IDT= *([0-9a-f]{16})",
                              machine.monitor("info registers"))[1], 16)
        stacks = {name: machine.memory(gates + 16 * vector + 4, 1)[0]
                  for name, vector in OWN_STACKS.items()}
        want(0 not in stacks.values(), "one has none:", stacks)
        want(len(set(stacks.values())) == len(stacks), "shared:", stacks)


def traps_arrive_on_their_stacks(kernel):
    """Page faults of programs and the clock do not use what a system call
    would, and C runs on the processor's stack."""
    stub, top = kernel.names["trap_stubs"], kernel.names["kernel_stack_end"]
    for test, name, number in (("slices_end_in_fifo_order", "timer", 0),
                               ("page_faults_resume", "page fault", 1)):
        with kernel.boot(f"test={test}") as machine:
            want(machine.run_to(stub + STUB * OWN_STACKS[name]), "no", name)
            below = kernel.names["trap_stacks"] + number * PAGE
            stack = machine.register(SP)
            want(below < stack <= below + PAGE, name, f"{stack:#x}")
            want(machine.run_to(kernel.names["trap_from_user"]), "no C")
            want(top - 64 < machine.register(SP) <= top, "another stack")


def interrupts_are_off_during_a_switch(kernel):
    with kernel.boot() as machine:
        for place in ("trap_from_user", "sched_next", "context_resume"):
            for _ in range(3):
                want(machine.run_to(kernel.names[place]), "never in", place)
                flags = machine.register(FLAGS) & 0xffffffff
                want(not flags & INTERRUPTS, f"on in {place}: {flags:#x}")


def a_fault_of_the_kernel_panics(kernel):
    with kernel.boot() as machine:
        machine.run_to(kernel.names["trap_syscall"])
        machine.set_register(DI, NOWHERE)
        output, status = machine.finish()
    check_panic(output, status, r"page fault \(cause 0x\w+\) in the kernel, "
                                rf"address 0x{NOWHERE >> 16:x}", REGISTERS)
    want("kernel registers" in output, "no registers of the kernel")
    trace = output[output.index("backtrace"):]
    want(re.search(r"trap_syscall\+0x\w+\n.*trap_from_user\+", trace), trace)


def a_full_stack_of_the_kernel_panics(kernel):
    """The page below it is not mapped, and the panic needs another stack."""
    with kernel.boot() as machine:
        machine.run_to(kernel.names["trap_syscall"])
        guard = kernel.names["kernel_stacks"]
        machine.set_register(SP, guard + PAGE)
        output, status = machine.finish()
    check_panic(output, status, r"page fault \(cause 0x20e\) in the kernel, "
                                rf"address 0x{guard >> 12:x}[0-9a-f]{{3}}\n",
                REGISTERS)


def a_double_fault_panics(kernel):
    """A page fault whose own stack is not there."""
    with kernel.boot() as machine:
        machine.run_to(kernel.names["trap_syscall"])
        entry = kernel.names["task"] + TASK_STACKS + 8 * (PAGE_FAULT_STACK - 1)
        machine.ask(f"M{entry:x},8:{NOWHERE.to_bytes(8, 'little').hex()}")
        machine.set_register(DI, NOWHERE)
        output, status = machine.finish()
    check_panic(output, status, r"double fault \(cause 0x8\) in the kernel",
                REGISTERS)


def a_fault_of_the_first_program_panics(kernel):
    with kernel.boot("crash=self") as machine:
        output, status = machine.finish()
    check_panic(output, status,
                r"9Ball faulted: kind 1, address 0x8, pc 0x\w+, cause 1550\n",
                REGISTERS)


CASES = (protections_are_on_before_programs_run,
         layout_is_as_row_y5_says,
         some_traps_have_stacks_of_their_own,
         traps_arrive_on_their_stacks,
         interrupts_are_off_during_a_switch,
         a_fault_of_the_kernel_panics,
         a_full_stack_of_the_kernel_panics,
         a_double_fault_panics,
         a_fault_of_the_first_program_panics)

if __name__ == "__main__":
    run_cases(Kernel(sys.argv[1]), CASES)
