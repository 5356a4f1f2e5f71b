# SPDX-License-Identifier: MIT
"""The emulated machine: QEMU's command line, and its control socket (QMP).

The machine is started stopped and set going through QMP, so that an exit
status can be told from QEMU's own failure to start.
"""
import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

MACHINES = {
    "riscv64": ["qemu-system-riscv64", "-M", "virt", "-accel", "tcg",
                "-cpu", "rv64"],
}


class MachineError(Exception):
    """Glenda itself failed: one line for the user."""


LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1  # prctl(2)


def die_with_parent():
    """In QEMU's process: end when this program does, however it ends."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def kernel_image(arch):
    return os.path.join(TOP, "build", arch, "kernel", "glenda.image")


def boot_archive(arch):
    return os.path.join(TOP, "build", arch, "boot.cpio")


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


def base_command(arch, memory="128M", cpus=1):
    """The machine without its kernel, archive and devices."""
    if arch not in MACHINES:
        raise MachineError(f"no machine is known for {arch}")
    command = list(MACHINES[arch])
    if not shutil.which(command[0]):
        raise MachineError(f"{command[0]} is not installed (make setup)")
    return command + ["-m", str(memory), "-smp", str(cpus), "-display", "none",
                      "-nodefaults", "-no-reboot"]


class Machine:
    """A started QEMU with sockets for the UART, both streams and QMP."""

    def __init__(self, arch, archive, memory, cpus, extra):
        command = base_command(arch, memory, cpus)
        pairs = {name: socket.socketpair()
                 for name in ("uart", "stream0", "stream1", "qmp")}
        for name, (_, theirs) in pairs.items():
            command += ["-chardev", f"socket,id={name},fd={theirs.fileno()}"]
        command += ["-serial", "chardev:uart", "-mon", "chardev=qmp,mode=control",
                    "-global", "virtio-mmio.force-legacy=false"]
        for number in (0, 1):
            command += [
                "-device", f"virtio-serial-device,id=serial{number},max_ports=1,"
                           f"bus=virtio-mmio-bus.{number}",
                "-device", f"virtconsole,bus=serial{number}.0,"
                           f"chardev=stream{number}"]
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
        self.uart, self.stream0, self.stream1, self.qmp = (
            pairs[name][0] for name in ("uart", "stream0", "stream1", "qmp"))
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

    def errors(self):
        """QEMU's own last line of complaint."""
        lines = self.process.stderr.read().decode(errors="replace").split("\n")
        return next((line for line in reversed(lines) if line.strip()), "")

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
