#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Types into a shell on a terminal, on Linux and on Glenda, and demands the
same answers: echo, erase, line kill, ^C, ^Z, ^D, raw mode, window size, and
the programs that draw on the screen. Each scenario is what is typed, step by
step; the answer to a step is all that is printed up to the next prompt."""

import argparse
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
import tty

import guest
import known

PROMPT = b"@> "
# The shell's line editor asks where the cursor is, unless a key was faster.
QUESTION = b"\x1b[6n"
# A pause inside typed text, for programs that read key by key.
PAUSE = "\0"

SCENARIOS = {
	"echo-and-line": ["echo hello\r"],
	"erase-kill-word": [
		f"cat\r{PAUSE}abX\x7fc\r{PAUSE}junk\x15good\r{PAUSE}"
		f"one two\x17three\r{PAUSE}\x04"],
	"end-of-file": [f"cat\r{PAUSE}line\r{PAUSE}\x04", f"cat\r{PAUSE}half\x04\x04"],
	"interrupt": [f"sleep 30\r{PAUSE}\x03", "echo $?\r"],
	"quit-key": [f"sleep 30\r{PAUSE}\x1c", "echo $?\r"],
	"suspend-and-resume": [
		f"sleep 31\r{PAUSE}\x1a", "jobs\r", "kill -9 %1; wait %1; sleep 0.3\r",
		"echo $?\r"],
	"suspend-then-foreground": [
		f"cat\r{PAUSE}\x1a", f"fg\r{PAUSE}again\r{PAUSE}\x04", "echo $?\r"],
	"interrupt-of-pipeline": [
		f"yes | sleep 30 | cat\r{PAUSE}\x03", "echo $?\r"],
	"no-echo": [f"stty -echo; read x; stty echo\r{PAUSE}secret\r",
	            "echo $x\r"],
	"without-lines": [
		# One byte is enough for a read; its echo and its output must not
		# mix with the next one's, so a reader of three asks for three.
		f"stty -icanon min 3; head -c 3; stty icanon\r{PAUSE}abc",
		f"stty -icanon min 1; head -c 1; stty icanon\r{PAUSE}d"],
	"modes": ["stty -a | tr ' ;' '\\n' | grep -E "
	          "'^-?(icanon|echo|echoe|isig|icrnl|opost|onlcr|ixon)$' "
	          "| sort\r"],
	"window-size": ["stty rows 30 cols 100; stty size\r",
	                "stty rows 24 cols 80; stty size\r"],
	"terminal-by-name": ["echo named >/dev/tty\r",
	                     f"head -n 1 </dev/tty\r{PAUSE}typed\r"],
	# Whether a job has stopped by the next prompt must not depend on speed.
	"background-reader-stops": ["cat & sleep 0.5\r",
	                            "jobs | cut -c 1-20\r",
	                            "kill -9 %1; wait %1; sleep 0.3\r"],
	"background-change-stops": ["stty -echo & sleep 0.5\r",
	                            "jobs | cut -c 1-20\r",
	                            "kill -9 %1; wait %1; sleep 0.3\r",
	                            "(trap '' TTOU; stty echo; echo $?) & wait\r"],
	"ignored-interrupt": [
		f"(trap '' INT; sleep 1; echo survived)\r{PAUSE}\x03"],
	"trapped-interrupt": [
		"sh -c 'trap \"echo caught\" INT; sleep 1; echo after'\r"
		f"{PAUSE}\x03"],
	# It draws once it has read all that came: so one key at a time.
	"vi-on-screen": [f"vi /tmp/f\r{PAUSE}i{PAUSE}h{PAUSE}o{PAUSE}\x1b"
	                 f"{PAUSE}:wq\r",
	                 "cat /tmp/f\r"],
	"less-on-screen": [f"seq 100 | less\r{PAUSE} {PAUSE}q"],
	"line-editing": ["echo wrong\x7f\x7f\x7f\x7f\x7fright\r",
	                 "echo \x01\x05end\r"],
	"history-key": ["echo once\r", f"\x1b[A{PAUSE}\r"],
}

COMMAND = {
	# The leader of a session that opens a terminal gets it.
	"linux": "exec /tests/busybox sh /tests/terminal.sh "
	         "</dev/{tty} >/dev/{tty} 2>&1\n",
	"glenda": "exec /tests/busybox sh /tests/terminal.sh\n",
}
# Interactive shells need to find applets by name, and a fixed prompt.
SHELL = """mkdir -p /tmp/bin
for a in $(/tests/busybox --list); do
	/tests/busybox ln -s /tests/busybox /tmp/bin/$a
done 2>/dev/null
cd /tmp
stty rows 24 cols 80
exec /tests/busybox env -i PATH=/tmp/bin HOME=/tmp TERM=vt100 PS1='@> ' \\
	/tests/busybox sh -i
"""


class Terminal:
	"""One guest on a pseudo-terminal of the host."""

	def __init__(self, argv):
		self.master, slave = pty.openpty()
		tty.setraw(slave)
		self.process = subprocess.Popen(
			argv, stdin=slave, stdout=slave, stderr=slave,
			start_new_session=True)
		os.close(slave)

	def read_until(self, end, seconds):
		"""All that comes until it ends in `end`; (bytes, came)."""
		got, deadline = b"", time.monotonic() + seconds
		while not got.endswith(end):
			left = deadline - time.monotonic()
			if left <= 0 or not select.select(
					[self.master], [], [], left)[0]:
				return got, False
			try:
				chunk = os.read(self.master, 65536)
			except OSError:
				return got, False
			if not chunk:
				return got, False
			got = (got + chunk).replace(QUESTION, b"")
		return got, True

	def step(self, text, seconds):
		"""Type text, pausing where it says; the answer. What is
		printed during a pause belongs to the answer."""
		got = b""
		for number, part in enumerate(text.split(PAUSE)):
			if number:
				got += self.read_until(b"\xff\xff", 0.7)[0]
			os.write(self.master, part.encode())
		more, came = self.read_until(PROMPT, seconds)
		# The host's own terminal may add a return to each line's end.
		answer = re.sub("\r+\n", "\r\n",
		                (got + more).decode("utf-8", "replace"))
		return answer if came else answer + "(no prompt)"

	def close(self):
		"""An interrupt lets ./glenda end the machine that it runs."""
		self.process.send_signal(signal.SIGINT)
		try:
			self.process.wait(10)
		except subprocess.TimeoutExpired:
			os.killpg(self.process.pid, signal.SIGKILL)
			self.process.wait()
		os.close(self.master)


def session_run(system, arch, scenarios, seconds):
	"""The answers of each scenario; a shell that is lost costs its own
	scenario only, for the next begins in a fresh guest."""
	answers, terminal = {}, None
	command = COMMAND[system.name].format(tty=guest.CONSOLE[arch])
	for name, steps in scenarios.items():
		if terminal is None:
			terminal = Terminal(system.prepare(command, 256))
			text, came = terminal.read_until(PROMPT, 60)
			if not came:
				terminal.close()
				tail = text.decode("utf-8", "replace")[-200:]
				lost = [f"(no shell: {tail!r}) (no prompt)"]
				return {n: answers.get(n, lost)
				        for n in scenarios}
		answers[name] = [terminal.step(s, seconds) for s in steps]
		print(f"# {system.name} {name}", flush=True)
		if answers[name][-1].endswith("(no prompt)"):
			terminal.close()
			terminal = None
	if terminal:
		terminal.close()
	return answers


def main():
	parser = argparse.ArgumentParser(description=__doc__)
	parser.add_argument("--arch", default="riscv64")
	parser.add_argument("--only", action="append", metavar="NAME")
	parser.add_argument("--reference-only", action="store_true",
	                    help="compare Linux with itself")
	parser.add_argument("--show", action="store_true")
	options = parser.parse_args()
	chosen = {n: s for n, s in SCENARIOS.items()
	          if not options.only or n in options.only}
	try:
		stage = guest.stage_make(options.arch, "terminal-tests")
		(stage / "terminal.sh").write_text(SHELL)
		linux = guest.Linux(options.arch, stage)
		other = linux
		if not options.reference_only:
			other = guest.Glenda(options.arch, stage)
	except guest.Missing as error:
		print(f"SKIP all: {error}")
		print(f"0 passed, 0 failed, {len(chosen)} skipped")
		return 0
	want = session_run(linux, options.arch, chosen, 15)
	got = session_run(other, options.arch, chosen, 15)
	verdicts = known.Verdicts("terminal", options.arch, SCENARIOS)
	for name in chosen:
		trouble = None
		for number, (a, b) in enumerate(zip(want[name], got[name]), 1):
			if a != b or a.endswith("(no prompt)"):
				trouble = f"step {number}: Linux {a!r}, here {b!r}"
				break
		verdicts.case(name, trouble)
		if options.show:
			for answer in want[name]:
				print(f"  {answer!r}")
	return verdicts.close()


if __name__ == "__main__":
	sys.exit(main())
