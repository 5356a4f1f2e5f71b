# SPDX-License-Identifier: MIT
"""A machine that is looked at from outside: QEMU's gdb stub, spoken directly.

Breakpoints, steps, registers and memory by the remote protocol, and QEMU's
monitor through it. Nothing here knows an architecture.
"""
import ctypes
import re
import signal
import socket
import subprocess

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1  # prctl(2)


def symbols(nm, path):
    text = subprocess.run([nm, path], check=True,
                          stdout=subprocess.PIPE).stdout.decode()
    return {name: int(value, 16) for value, name in
            re.findall(r"^([0-9a-f]+) \S (\S+)$", text, re.M)}


class Stub:
    """A connection to a gdb stub."""

    def __init__(self, connection):
        self.socket, self.pending = connection, b""
        # Single registers are only for those who ask what there are.
        self.ask("qXfer:features:read:target.xml:0,1000")

    def send(self, text):
        data = text.encode()
        self.socket.sendall(b"$%s#%02x" % (data, sum(data) & 0xff))

    def packet(self):
        """The next answer, without its frame; None when the machine ended."""
        while True:
            found = re.search(rb"\$([^#]*)#..", self.pending, re.S)
            if found:
                self.pending = self.pending[found.end():]
                self.socket.sendall(b"+")
                return found[1].decode()
            try:
                data = self.socket.recv(1 << 16)
            except ConnectionError:
                data = b""
            if not data:
                return None
            self.pending += data

    def ask(self, text):
        self.send(text)
        return self.packet()

    def monitor(self, command):
        """What QEMU's monitor prints."""
        answer, text = self.ask("qRcmd," + command.encode().hex()), ""
        while answer and answer.startswith("O") and answer != "OK":
            text += bytes.fromhex(answer[1:]).decode()
            answer = self.packet()
        return text

    def run_to(self, address):
        """Go on to an address; False when the machine ended before."""
        self.ask(f"Z1,{address:x},4")
        stopped = self.ask("c")
        if stopped and not stopped.startswith("W"):
            self.ask(f"z1,{address:x},4")
            return True
        return False

    def step(self):
        self.ask("s")

    def register(self, number):
        return int.from_bytes(bytes.fromhex(self.ask(f"p{number:x}")), "little")

    def set_register(self, number, value):
        self.ask(f"P{number:x}={value.to_bytes(8, 'little').hex()}")

    def memory(self, address, length):
        return bytes.fromhex(self.ask(f"m{address:x},{length:x}"))

    def interrupt(self):
        """Stop what runs, wherever it is."""
        self.socket.sendall(b"\x03")
        self.packet()


class Inside(Stub):
    """A QEMU that stands still before its first instruction."""

    def __init__(self, command, seconds=60):
        ours, theirs = socket.socketpair()
        self.process = subprocess.Popen(
            ["timeout", "-s", "KILL", str(seconds), *command, "-S",
             "-chardev", f"socket,id=gdb,fd={theirs.fileno()}",
             "-gdb", "chardev:gdb"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, pass_fds=[theirs.fileno()],
            preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM))
        theirs.close()
        ours.settimeout(seconds)
        super().__init__(ours)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait()
        self.socket.close()

    def finish(self):
        """Let it run; all that it printed, and its status."""
        self.send("c")
        output = self.process.stdout.read().decode(errors="replace")
        return output.replace("\r", ""), self.process.wait()
