# SPDX-License-Identifier: MIT
"""The emulated machine: QEMU's command line, and its control socket (QMP).

The machine is started stopped and set going through QMP, so that an exit
status can be told from QEMU's own failure to start. How the guest tells its
status differs: riscv64 gives it to QEMU, which ends with it; x86_64 writes one
byte to a port of its own and turns the machine off.
"""
import ctypes
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# Per architecture its machines by name; the first is the usual one.
MACHINES = {
    "riscv64": {"virt": ["qemu-system-riscv64", "-M", "virt", "-accel", "tcg",
                         "-cpu", "rv64"]},
    "x86_64": {"microvm": ["qemu-system-x86_64", "-M", "microvm,acpi=off",
                           "-accel", "tcg", "-cpu", "max"],
               "q35": ["qemu-system-x86_64", "-M", "q35", "-accel", "tcg",
                       "-cpu", "max"]},
}
# Machines without virtio-mmio: the UART is all that they have.
UART_ONLY = ("q35",)
KERNELS = {"riscv64": "glenda.image", "x86_64": "glenda.elf"}
# Words that connect the channel for the exit status, where there is one.
STATUS_DEVICE = {"x86_64": ["-device", "isa-debugcon,iobase=0xe9,chardev=status"]}


class MachineError(Exception):
    """Glenda itself failed: one line for the user."""


LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1  # prctl(2)


def die_with_parent():
    """In QEMU's process: end when this program does, however it ends."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def kernel_image(arch):
    return os.path.join(TOP, "build", arch, "kernel", KERNELS[arch])


def boot_archive(arch):
    return os.path.join(TOP, "build", arch, "boot.cpio")


def usual():
    """The architecture of a run that names none: the host's, where Glenda has
    it."""
    host = platform.machine()
    return host if host in MACHINES else next(iter(MACHINES))


def check_machine(arch, machine=""):
    """The name of a machine, the usual one for "", or a MachineError."""
    if arch not in MACHINES:
        raise MachineError(f"--arch {arch}: there are {', '.join(MACHINES)}")
    names = list(MACHINES[arch])
    if machine and machine not in names:
        raise MachineError(f"--machine {machine}: {arch} has {', '.join(names)}")
    return machine or names[0]


def ensure_built(arch):
    """Build what is needed to boot when it is not there yet. A test run has
    built before: GLENDA_BUILT says that trying again is no use."""
    wanted = [kernel_image(arch), boot_archive(arch)]
    if all(os.path.exists(path) for path in wanted):
        return
    if not os.environ.get("GLENDA_BUILT"):
        print("glenda: building the system first", file=sys.stderr)
        done = subprocess.run(["make", "-C", TOP, f"ARCH={arch}", "image"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              check=False)
        if done.returncode:
            text = done.stdout.decode(errors="replace").splitlines()
            sys.stderr.write("".join(f"    {line}\n" for line in text[-12:]))
    if not all(os.path.exists(path) for path in wanted):
        raise MachineError(f"there is no image for {arch}: `make ARCH={arch}` "
                           "says why")


def base_command(arch, memory="128M", cpus=1, machine=""):
    """The machine without its kernel, archive and devices."""
    command = list(MACHINES[arch][check_machine(arch, machine)])
    if not shutil.which(command[0]):
        raise MachineError(f"{command[0]} is not installed (make setup)")
    return command + ["-m", str(memory), "-smp", str(cpus), "-display", "none",
                      "-nodefaults", "-no-reboot"]


def stream_devices():
    """The two virtio consoles that carry a program's streams."""
    words = ["-global", "virtio-mmio.force-legacy=false"]
    for number in (0, 1):
        words += ["-device", f"virtio-serial-device,id=serial{number},max_ports=1,"
                             f"bus=virtio-mmio-bus.{number}",
                  "-device", f"virtconsole,bus=serial{number}.0,"
                             f"chardev=stream{number}"]
    return words


class Machine:
    """A started QEMU with sockets for the UART, both streams, the status and
    QMP; those that the machine does not have are None."""

    def __init__(self, arch, archive, memory, cpus, extra, machine=""):
        machine = check_machine(arch, machine)
        command = base_command(arch, memory, cpus, machine)
        streams = () if machine in UART_ONLY else ("stream0", "stream1")
        status = ("status",) if arch in STATUS_DEVICE else ()
        pairs = {name: socket.socketpair()
                 for name in ("uart", "qmp", *streams, *status)}
        for name, (_, theirs) in pairs.items():
            command += ["-chardev", f"socket,id={name},fd={theirs.fileno()}"]
        command += ["-serial", "chardev:uart", "-mon", "chardev=qmp,mode=control"]
        command += stream_devices() if streams else []
        command += STATUS_DEVICE.get(arch, [])
        command += ["-kernel", kernel_image(arch), "-initrd", archive, "-S",
                    *extra]
        # A session of its own: the terminal's ^C is not for QEMU.
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, start_new_session=True,
            preexec_fn=die_with_parent,
            pass_fds=[theirs.fileno() for _, theirs in pairs.values()])
        for _, theirs in pairs.values():
            theirs.close()
        self.uart, self.stream0, self.stream1, self.qmp, self.said = (
            pairs[name][0] if name in pairs else None
            for name in ("uart", "stream0", "stream1", "qmp", "status"))
        self.going = False

    def start(self):
        """Set the stopped machine going; MachineError when QEMU refuses."""
        self.qmp.settimeout(30)
        try:
            with self.qmp.makefile("rw", encoding="utf-8") as control:
                json.loads(control.readline())
                for word in ("qmp_capabilities", "cont"):
                    control.write(json.dumps({"execute": word}) + "\n")
                    control.flush()
                    while "return" not in json.loads(control.readline()):
                        pass
        except (OSError, ValueError):
            self.kill()
            text = self.errors() or "it gave no reason"
            raise MachineError(f"QEMU did not start: {text}") from None
        self.going = True

    def status(self, timeout=None):
        """The guest's exit status once the machine has ended; MachineError
        when QEMU failed, or the guest ended without saying how."""
        code = self.process.wait(timeout)
        if code < 0:
            raise MachineError(f"QEMU died of signal {-code}")
        complaint = self.errors() if code else ""
        if complaint.startswith("qemu-system"):
            raise MachineError(complaint)
        if self.said is None:
            return code
        self.said.settimeout(5)
        told = b""
        while data := self.said.recv(4096):
            told += data
        if not told:
            raise MachineError("the machine ended without a status")
        return told[-1]

    def errors(self):
        """QEMU's own last line of complaint."""
        lines = self.process.stderr.read().decode(errors="replace").split("\n")
        return next((line for line in reversed(lines) if line.strip()), "")

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
