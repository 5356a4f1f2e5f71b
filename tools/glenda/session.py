# SPDX-License-Identifier: MIT
"""Moves bytes between the caller and the guest until the machine ends.

With a terminal the caller's terminal becomes the guest's UART. Otherwise
standard input goes to stream0 in frames, stream0 comes out as standard output
and stream1 as standard error; the UART is boot text. On a machine that has
nothing but a UART, that is the session even without a terminal.
"""
import os
import selectors
import signal
import struct
import termios
import time
import tty

MARK = b"\x1e"
KEEP = 1 << 16
ESCAPE = b"\x1d"
CHUNK = 4096


class Ended(Exception):
    """The session is over before the machine is: status and reason."""

    def __init__(self, status, reason=""):
        super().__init__(reason)
        self.status = status


def write_all(descriptor, data):
    """Write to the caller; a reader that has gone ends the session."""
    try:
        while data:
            data = data[os.write(descriptor, data):]
    except BrokenPipeError:
        raise Ended(128 + signal.SIGPIPE) from None


class Session:
    """One run. `terminal`: the UART is the session; `show`: what of the UART
    goes to standard error otherwise: "all", "session" or "nothing"."""

    def __init__(self, machine, terminal, show, limit, log):
        self.machine, self.terminal, self.show = machine, terminal, show
        self.deadline = time.monotonic() + limit if limit else None
        self.log = log
        self.boot_text = b""
        self.marked = False
        self.pending = b""
        self.escapes = 0
        self.input_open = True
        self.open_channels = 0
        self.selector = selectors.PollSelector()

    def run(self):
        """The guest's exit status; Ended for every other way to end."""
        saved = None
        signals = self.catch_signals()
        try:
            if self.terminal and os.isatty(0):
                saved = termios.tcgetattr(0)
                tty.setraw(0)
            self.register()
            while self.open_channels:
                self.step()
        finally:
            if saved:
                termios.tcsetattr(0, termios.TCSADRAIN, saved)
            for number, handler in signals.items():
                signal.signal(number, handler)
        return self.machine.status()

    def catch_signals(self):
        def end(number, _frame):
            raise Ended(128 + number)

        def interrupt(number, frame):
            if not self.terminal:
                end(number, frame)
            self.machine.uart.send(b"\x03")

        handlers = {signal.SIGTERM: end, signal.SIGHUP: end, signal.SIGQUIT: end,
                    signal.SIGINT: interrupt}
        return {n: signal.signal(n, handler) for n, handler in handlers.items()}

    def register(self):
        for channel, deal in ((self.machine.uart, self.from_uart),
                              (self.machine.stream0, self.from_stream0),
                              (self.machine.stream1, self.from_stream1)):
            if channel is None:
                continue
            channel.setblocking(False)
            self.selector.register(channel, selectors.EVENT_READ, deal)
            self.open_channels += 1

    def target(self):
        """Where standard input goes."""
        return self.machine.uart if self.terminal else self.machine.stream0

    def step(self):
        self.arm_input()
        for key, events in self.selector.select(self.remaining()):
            if key.fileobj == 0:
                self.from_input()
                continue
            if events & selectors.EVENT_WRITE:
                self.flush_input()
            if events & selectors.EVENT_READ:
                self.from_channel(key)

    def remaining(self):
        if self.deadline is None:
            return None
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise Ended(124, "the time limit is over")
        return left

    def arm_input(self):
        """Read input only when the guest has taken what came before."""
        known = self.selector.get_map()
        wanted = self.input_open and not self.pending
        if wanted and 0 not in known:
            self.selector.register(0, selectors.EVENT_READ)
        elif not wanted and 0 in known:
            self.selector.unregister(0)
        target = self.target()
        if target in known:
            events = selectors.EVENT_READ
            if self.pending:
                events |= selectors.EVENT_WRITE
            self.selector.modify(target, events, known[target].data)
        elif 0 in known:
            self.selector.unregister(0)
            self.input_open = False

    def from_input(self):
        try:
            data = os.read(0, CHUNK)
        except OSError:
            data = b""
        if not data:
            self.input_open = False
            # A terminal's own way to say so.
            data = b"\x04" if self.terminal else b""
        if not self.terminal:
            self.pending += struct.pack("<H", len(data)) + data
            return
        for byte in data:
            self.escapes = self.escapes + 1 if byte == ESCAPE[0] else 0
            if self.escapes == 3:
                raise Ended(128 + signal.SIGKILL, "ended by ^] three times")
        self.pending += data

    def flush_input(self):
        try:
            self.pending = self.pending[self.target().send(self.pending):]
        except BlockingIOError:
            pass
        except OSError:
            self.pending, self.input_open = b"", False

    def from_channel(self, key):
        try:
            data = key.fileobj.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            key.data(data)
        else:
            self.selector.unregister(key.fileobj)
            self.open_channels -= 1

    def from_uart(self, data):
        if self.log:
            self.log.write(data)
            self.log.flush()
        if not self.marked:
            boot, mark, data = data.partition(MARK)
            self.boot(boot)
            self.marked = bool(mark)
        if not self.terminal:
            self.boot_text = (self.boot_text + data)[-KEEP:]
        if not data or not self.marked:
            return
        if self.terminal:
            write_all(1, data)
        elif self.show != "nothing":
            write_all(2, data)

    def boot(self, data):
        self.boot_text = (self.boot_text + data)[-KEEP:]
        if self.show != "all":
            return
        if self.terminal:
            data = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        write_all(2, data)

    def from_stream0(self, data):
        write_all(1, data)

    def from_stream1(self, data):
        write_all(2, data)
