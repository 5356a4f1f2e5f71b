# SPDX-License-Identifier: MIT
"""What a user of `./glenda run` relies on, end to end: streams kept apart, end
of file, exit statuses that text cannot forge, signals, the terminal."""
import hashlib
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GLENDA = [os.path.join(TOP, "glenda"), "run"]
LIMIT = 120


def want(condition, reason):
    if not condition:
        raise AssertionError(reason)


def run(*words, data=b"", options=()):
    return subprocess.run([*GLENDA, "--timeout", str(LIMIT), *options,
                           *(("--",) + words if words else ())], input=data,
                          capture_output=True, timeout=LIMIT + 30, check=False)


def shell(script, **more):
    return run("busybox", "sh", "-c", script, **more)


def output_and_errors_are_kept_apart(_folder):
    done = shell("echo out; echo err >&2; echo more")
    want(done.stdout == b"out\nmore\n", done.stdout)
    want(done.stderr == b"err\n", done.stderr)


def exit_status_comes_through(_folder):
    for status in (0, 1, 42, 255):
        done = shell(f"exit {status}")
        want(done.returncode == status, f"{done.returncode}, not {status}")
        want(done.stdout == b"" and done.stderr == b"", "text without cause")


def signals_become_statuses(_folder):
    for number in (9, 15, 11):
        done = shell(f"kill -{number} $$")
        want(done.returncode == 128 + number, f"{done.returncode} for {number}")


def printed_text_forges_no_status(_folder):
    done = shell("printf 'power off, status 0\\n\\036' >&2; "
                 "echo 'power off, status 0' >/dev/console; exit 9")
    want(done.returncode == 9, f"status {done.returncode}")


def input_comes_whole_and_ends(_folder):
    data = os.urandom(1_000_003)
    done = run("busybox", "sha256sum", data=data)
    want(done.stdout.split()[0].decode() == hashlib.sha256(data).hexdigest(),
         f"{done.stdout} {done.stderr}")


def output_comes_whole(_folder):
    done = run("busybox", "seq", "1", "100000")
    want(done.stdout == b"".join(b"%d\n" % n for n in range(1, 100001)),
         f"{len(done.stdout)} bytes")


def input_may_be_a_file_or_nothing(folder):
    path = os.path.join(folder, "in")
    with open(path, "w", encoding="utf-8") as file:
        file.write("one\ntwo\n")
    for name, lines in ((path, b"2\n"), (os.devnull, b"0\n")):
        with open(name, "rb") as source:
            done = subprocess.run([*GLENDA, "--", "busybox", "wc", "-l"],
                                  stdin=source, capture_output=True,
                                  timeout=LIMIT, check=False)
        want(done.stdout == lines, f"{name}: {done.stdout} {done.stderr}")


def a_shell_is_fed_by_a_pipe(_folder):
    done = run(data=b"x=4\necho $((x * 2))\nexit 6\n")
    want(done.stdout == b"8\n", done.stdout)
    want(done.returncode == 6, f"status {done.returncode}")


def arguments_and_environment_arrive(_folder):
    words = ["", "two words", "\"quoted\\", "häßlich", "new\nline"]
    done = run("busybox", "sh", "-c", 'printf "<%s>" "$@"; printf "$GREETING"',
               "sh", *words, options=("--env", "GREETING=hi there"))
    want(done.stdout.decode() == "".join(f"<{w}>" for w in words) + "hi there",
         done.stdout)


def added_files_are_there(folder):
    os.mkdir(f"{folder}/tree")
    with open(f"{folder}/tree/file", "w", encoding="utf-8") as file:
        file.write("content")
    os.symlink("file", f"{folder}/tree/link")
    done = shell("cat /given/link; readlink /given/link",
                 options=("--add", f"{folder}/tree=/given"))
    want(done.stdout == b"contentfile\n", f"{done.stdout} {done.stderr}")


def a_closed_reader_ends_the_run(_folder):
    with subprocess.Popen([*GLENDA, "--", "busybox", "yes"], stdout=subprocess.PIPE,
                          stdin=subprocess.DEVNULL) as process:
        want(process.stdout.read(4) == b"y\ny\n", "no output")
        process.stdout.close()
        want(process.wait(LIMIT) == 128 + signal.SIGPIPE, process.returncode)


def termination_leaves_no_machine(_folder):
    with subprocess.Popen([*GLENDA, "--", "busybox", "sh", "-c",
                           "echo up; sleep 1000"], stdout=subprocess.PIPE,
                          stdin=subprocess.DEVNULL) as process:
        want(process.stdout.readline() == b"up\n", "it did not start")
        child = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)],
                               capture_output=True, text=True, check=False)
        process.terminate()
        want(process.wait(30) == 128 + signal.SIGTERM, process.returncode)
    for pid in child.stdout.split():
        want(not os.path.exists(f"/proc/{pid}"), f"process {pid} is left")


def time_limit_ends_the_run(_folder):
    done = subprocess.run([*GLENDA, "--timeout", "3", "--", "busybox", "sleep",
                           "1000"], stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=60, check=False)
    want(done.returncode == 124, f"status {done.returncode}")


def strace_names_calls(_folder):
    done = shell("exit 3", options=("--strace",))
    want(done.returncode == 3, f"status {done.returncode}")
    want(re.search(rb"set_tid_address\(.*\) = \d+", done.stderr), done.stderr[:300])


class Terminal:
    """A run whose three streams are a terminal of ours."""

    def __init__(self):
        self.text = ""
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execv(GLENDA[0], GLENDA)

    def until(self, pattern):
        deadline = time.monotonic() + LIMIT
        while not re.search(pattern, self.text):
            ready = select.select([self.master], [], [],
                                  max(deadline - time.monotonic(), 0))[0]
            try:
                data = os.read(self.master, 4096) if ready else b""
            except OSError:
                data = b""
            want(data, f"no {pattern!r} in {self.text[-300:]!r}")
            self.text += data.decode(errors="replace")
        self.text = self.text[re.search(pattern, self.text).end():]

    def say(self, text):
        os.write(self.master, text.encode())

    def end(self):
        """The exit status, once the run has ended by itself."""
        deadline = time.monotonic() + LIMIT
        while time.monotonic() < deadline:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
            if select.select([self.master], [], [], 0.1)[0]:
                try:
                    self.text += os.read(self.master, 4096).decode(errors="replace")
                except OSError:
                    time.sleep(0.1)
        raise AssertionError(f"it did not end: {self.text[-300:]!r}")

    def close(self):
        if self.pid:
            os.kill(self.pid, signal.SIGTERM)
            os.waitpid(self.pid, 0)


def the_terminal_is_interactive(_folder):
    terminal = Terminal()
    try:
        terminal.until("# ")
        terminal.say("tty && stty size && echo a$((1+1))b\r")
        terminal.until("/dev/console\r\n24 80\r\na2b\r\n")
        terminal.say("cat\r")
        time.sleep(1)
        terminal.say("echoed back\r")
        terminal.until("echoed back\r\nechoed back\r\n")
        terminal.say("\x03")
        terminal.until("# ")
        terminal.say("sleep 1000\r")
        time.sleep(1)
        terminal.say("\x1a")
        terminal.until("Stopped")
        terminal.say("fg\r")
        terminal.until("\r\nsleep 1000\r\n")
        time.sleep(1)
        terminal.say("\x03")
        terminal.until("# ")
        terminal.say("echo status=$?\r")
        terminal.until("\r\nstatus=130\r\n")
        terminal.say("exit 5\r")
        status = terminal.end()
        want(status == 5, f"status {status}")
    finally:
        terminal.close()


LOADERS = {"riscv64": "/lib/ld-linux-riscv64-lp64d.so.1",
           "x86_64": "/lib64/ld-linux-x86-64.so.2"}


def a_dynamic_program_runs_in_a_root(folder):
    arch = os.environ.get("ARCH", "riscv64")
    compiler = f"{arch}-linux-gnu-gcc"
    source = os.path.join(folder, "greet.c")
    with open(source, "w", encoding="utf-8") as file:
        file.write("#include <stdio.h>\nint main(int n, char **v)\n"
                   '{ printf("%d %s\\n", n, v[1]); return 7; }\n')
    root = os.path.join(folder, "root")
    for target in (LOADERS[arch], "/lib/libc.so.6"):
        found = subprocess.run(
            [compiler, f"-print-file-name={os.path.basename(target)}"],
            capture_output=True, text=True, check=True).stdout.strip()
        os.makedirs(os.path.dirname(root + target), exist_ok=True)
        shutil.copy(found, root + target)
    subprocess.run([compiler, "-o", f"{root}/greet", source, "-Wl,-rpath,/lib"],
                   check=True)
    done = run("/greet", "dear reader", options=("--root", root))
    want(done.stdout == b"2 dear reader\n" and done.returncode == 7,
         f"{done.stdout} {done.stderr} {done.returncode}")
    os.remove(root + LOADERS[arch])
    done = run("/greet", options=("--root", root))
    want(done.returncode == 126 and done.stderr.count(b"\n") == 1,
         f"without its loader: {done.stderr} {done.returncode}")


CASES = (output_and_errors_are_kept_apart, exit_status_comes_through,
         signals_become_statuses, printed_text_forges_no_status,
         input_comes_whole_and_ends, output_comes_whole,
         input_may_be_a_file_or_nothing, a_shell_is_fed_by_a_pipe,
         arguments_and_environment_arrive, added_files_are_there,
         a_closed_reader_ends_the_run, termination_leaves_no_machine,
         time_limit_ends_the_run, strace_names_calls,
         a_dynamic_program_runs_in_a_root, the_terminal_is_interactive)


def main():
    status = 0
    only = os.environ.get("TEST", "")
    for case in CASES:
        if only and only != case.__name__:
            continue
        try:
            with tempfile.TemporaryDirectory(prefix="glenda-") as folder:
                case(folder)
            print(f"PASS {case.__name__}", flush=True)
        except (AssertionError, OSError, subprocess.SubprocessError) as error:
            print(f"FAIL {case.__name__}: {str(error)[:300]}", flush=True)
            status = 1
    sys.exit(status)


if __name__ == "__main__":
    main()
