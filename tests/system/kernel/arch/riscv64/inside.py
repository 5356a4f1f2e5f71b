#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The kernel of riscv64, looked at from outside while it runs.

usage: inside.py BUILD

What user mode cannot see: registers of the supervisor, where a trap goes
before it reaches C, and what a fault of the kernel itself prints. Rows A7, A8,
A9, Y2, Y6, Y7, N2. Prints a PASS or FAIL line for each case.
"""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/../..")
from gdb import Inside, symbols  # noqa: E402
from inside import SECONDS, check_panic, run_cases, want  # noqa: E402
from run import make_archive  # noqa: E402

SP, TP, A0, PC = 2, 4, 10, 32
PAGE = 4096
THREAD_BYTES = 1024
STATUS_SIE = 1 << 1
CLOCK, EXTERNAL = 1 << 5, 1 << 9
SV39 = 8
CALL = 8                # scause of a system call
KERNEL = 1 << 63        # its half of every address space
NOWHERE = 0xffffffff00000000
REGISTERS = 32
COUNTED = ("-icount", "shift=0,sleep=off")  # does not go with stops
STEPS = 200
TRAPS = 20


class Kernel:
    def __init__(self, build):
        self.build, self.archive = build, make_archive(build)
        self.names = symbols("riscv64-linux-gnu-nm",
                             f"{build}/kernel/glenda.elf")

    def boot(self, arguments="", cpu="rv64", more=()):
        return Inside(["qemu-system-riscv64", "-M", "virt", "-cpu", cpu, "-m",
                       "64", "-nographic", "-accel", "tcg", "-kernel",
                       f"{self.build}/kernel/glenda.image", "-initrd",
                       self.archive, "-append", arguments, *more],
                      SECONDS)


def control(machine):
    """Control registers by name."""
    text = machine.monitor("info registers")
    return {name: int(value, 16) for name, value in
            re.findall(r"^ (\w+)\s+([0-9a-f]{16})", text, re.M)}


def paging_is_on_before_the_kernels_c_code(kernel):
    with kernel.boot() as machine:
        want(machine.run_to(kernel.names["kernel_main"]), "it never came there")
        satp = control(machine)["satp"]
        want(satp >> 60 == SV39, f"satp is {satp:#x}")
        want(satp & ((1 << 44) - 1), "no root")


def traps_of_users_enter_at_the_one_entry(kernel):
    with kernel.boot() as machine:
        machine.run_to(kernel.names["trap_from_user"])
        entry = control(machine)["stvec"]
        want(entry == kernel.names["trap_entry"], f"stvec is {entry:#x}")


def interrupts_of_clock_and_devices_are_enabled(kernel):
    with kernel.boot() as machine:
        machine.run_to(kernel.names["trap_from_user"])
        enabled = control(machine)["mie"]
        want(enabled & CLOCK and enabled & EXTERNAL, f"mie is {enabled:#x}")


def interrupts_are_off_during_a_switch(kernel):
    with kernel.boot() as machine:
        for place in ("trap_from_user", "sched_next", "context_resume"):
            for _ in range(3):
                want(machine.run_to(kernel.names[place]), "never in", place)
                status = control(machine)["mstatus"]
                want(not status & STATUS_SIE, f"on in {place}: {status:#x}")


def memory_base(code):
    """Number of the register that a load or store goes by, or None."""
    if code & 3 == 3:
        return code >> 15 & 31 if code & 0x7f in (3, 7, 0x23, 0x27, 0x2f) \
            else None
    kind = code >> 13 & 7
    if code & 3 == 0 and kind in (1, 2, 3, 5, 6, 7):
        return 8 + (code >> 7 & 7)
    if code & 3 == 2 and kind in (1, 2, 3, 5, 6, 7):
        return SP
    return None


def follow_trap(machine, stack, cause):
    """From the entry to the processor's stack, instruction by instruction; a
    call may be finished without one. Memory touched on the way."""
    machine.step()
    thread = machine.register(TP)
    touched = 0
    for _ in range(STEPS):
        pc = machine.register(PC)
        if stack - 2 * PAGE < machine.register(SP) <= stack or pc < KERNEL:
            return touched
        base = memory_base(int.from_bytes(machine.memory(pc, 4), "little"))
        if base is not None:
            at = machine.register(base)
            want(thread <= at < thread + THREAD_BYTES or cause == CALL and
                 base != SP and at > KERNEL,
                 f"{pc:#x} touches memory at {at:#x}, cause {cause:#x}")
            touched += 1
        machine.step()
    raise AssertionError("it did not come to the processor's stack")


def traps_reach_the_stack_before_other_memory(kernel):
    """The thread's own context aside, and without another address space;
    only a call that needs no stack at all looks at the kernel's objects."""
    with kernel.boot("test=stacks_of_users_do_not_matter") as machine:
        causes = set()
        for _ in range(TRAPS):
            want(machine.run_to(kernel.names["trap_entry"]), "no trap")
            before = control(machine)
            causes.add(before["scause"])
            saved = follow_trap(machine, kernel.names["kernel_stack_end"],
                                before["scause"])
            # C keeps what it must; of a call the rest may be enough.
            want(saved > (5 if before["scause"] == CALL else 20),
                 "nothing was saved")
            want(before["scause"] == CALL or
                 control(machine)["satp"] == before["satp"], "satp changed")
        want(len(causes) >= 2, f"only causes {causes}")


def deadlines_go_through_the_firmware_without_a_register(kernel):
    """Sstc is what the kernel uses where the processor has it."""
    flag = kernel.names["clock_has_register"]
    for cpu, has in (("rv64,sstc=true", 1), ("rv64,sstc=false", 0)):
        with kernel.boot("", cpu) as machine:
            want(machine.run_to(kernel.names["trap_clock"]), cpu, "no clock")
            want(machine.memory(flag, 1)[0] == has, cpu, "was not seen")
        with kernel.boot("test=slices_end_in_fifo_order", cpu,
                         COUNTED) as machine:
            output, _ = machine.finish()
            want("PASS slices" in output, cpu, output[-300:])


def a_fault_of_the_kernel_panics(kernel):
    with kernel.boot() as machine:
        machine.run_to(kernel.names["trap_syscall"])
        machine.set_register(A0, NOWHERE)
        output, status = machine.finish()
    check_panic(output, status, r"load page fault \(cause 13\) in the kernel, "
                                r"address 0xffffffff000000", REGISTERS)
    want("kernel registers" in output, "no registers of the kernel")
    trace = output[output.index("backtrace"):]
    want(re.search(r"trap_syscall\+0x\w+\n.*trap_from_user\+", trace), trace)


def a_full_stack_of_the_kernel_panics(kernel):
    """The page below it is not mapped, and the panic needs another stack."""
    with kernel.boot() as machine:
        machine.run_to(kernel.names["trap_syscall"])
        guard = kernel.names["kernel_stacks"]
        machine.set_register(SP, guard + PAGE + 16)
        output, status = machine.finish()
    check_panic(output, status, r"store page fault \(cause 15\) in the kernel, "
                                rf"address 0x{guard >> 12:x}[0-9a-f]{{3}}\n",
                REGISTERS)


def a_fault_of_the_first_program_panics(kernel):
    with kernel.boot("crash=self") as machine:
        output, status = machine.finish()
    check_panic(output, status,
                r"9Ball faulted: kind 1, address 0x8, pc 0x\w+, cause 15\n",
                REGISTERS)


CASES = (paging_is_on_before_the_kernels_c_code,
         traps_of_users_enter_at_the_one_entry,
         interrupts_of_clock_and_devices_are_enabled,
         interrupts_are_off_during_a_switch,
         traps_reach_the_stack_before_other_memory,
         deadlines_go_through_the_firmware_without_a_register,
         a_fault_of_the_kernel_panics,
         a_full_stack_of_the_kernel_panics,
         a_fault_of_the_first_program_panics)

if __name__ == "__main__":
    run_cases(Kernel(sys.argv[1]), CASES)
