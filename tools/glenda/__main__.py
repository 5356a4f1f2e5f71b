# SPDX-License-Identifier: MIT
"""glenda run: boot Glenda, run one Linux program in it, give its status."""
import argparse
import os
import shutil
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import machine as machines  # noqa: E402
import mkimage  # noqa: E402
import program as programs  # noqa: E402
import session as sessions  # noqa: E402

FAILED = 125
EPILOG = """\
exit status: the program's own; 128+n when signal n ended it; 124 when the time
limit did; 125 when Glenda itself failed; 126 when the program cannot be run;
127 when it is not there. Without a program: a shell, interactive or fed by
standard input. With a terminal, ^] typed three times ends the machine."""


class Parser(argparse.ArgumentParser):
    """Wrong use is a failure of ours, not the program's status 2."""

    def error(self, message):
        self.exit(FAILED, f"glenda: {message} (./glenda run --help)\n")


def parse_arguments(words):
    parser = Parser(prog="glenda", epilog=EPILOG,
                                     formatter_class=argparse.RawTextHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run a program, or a shell",
                              epilog=EPILOG,
                              formatter_class=argparse.RawTextHelpFormatter)
    run.add_argument("--arch", default=os.environ.get("ARCH", "riscv64"))
    run.add_argument("--machine", default="",
                     help="virt; microvm (usual) or q35 on x86_64")
    run.add_argument("--cpus", type=int, default=1, help="processors: 1")
    run.add_argument("--mem", default="128M", help="memory (128M; plain: MiB)")
    run.add_argument("--user", type=int, default=0, help="user id (0)")
    run.add_argument("--env", action="append", default=[], metavar="NAME=VALUE")
    run.add_argument("--cwd", help="folder in the guest to start in")
    run.add_argument("--add", action="append", default=[], metavar="HOST=GUEST",
                     help="copy a file or folder into the guest")
    run.add_argument("--strace", action="store_true",
                     help="print each Linux system call")
    run.add_argument("--timeout", type=float, default=0, metavar="SECONDS")
    run.add_argument("--log", help="file for all text of the console")
    run.add_argument("--qemu", default="", help="more words for QEMU")
    run.add_argument("-v", "--verbose", action="store_true",
                     help="show boot messages")
    run.add_argument("argv", nargs="*", metavar="PROGRAM ARGUMENTS")
    if "--" in words:
        cut = words.index("--")
        args = parser.parse_args(words[:cut])
        args.argv += words[cut + 1:]
        return args
    return parser.parse_args(words)


def toml_string(text):
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise machines.MachineError(
            f"not UTF-8, cannot be passed on: {text!r}") from None
    escapes = {'"': '\\"', "\\": "\\\\"}
    return '"' + "".join(
        escapes.get(c) or (c if " " <= c != "\x7f" else f"\\u{ord(c):04x}")
        for c in text) + '"'


def toml_value(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(toml_string(item) for item in value) + "]"
    return toml_string(value)


def host_tree(argument):
    """Archive entries of HOST=GUEST; links and modes stay."""
    host, _, guest = argument.partition("=")
    if not host or not guest.startswith("/"):
        raise machines.MachineError(f"--add {argument}: not HOST=/GUEST")
    if not os.path.isdir(host) or os.path.islink(host):
        return [host_entry(host, guest)]
    entries = [host_entry(host, guest)]
    for folder, folders, files in os.walk(host):
        inside = os.path.join(guest, os.path.relpath(folder, host))
        for name in sorted(folders + files):
            entries.append(host_entry(
                os.path.join(folder, name),
                os.path.normpath(os.path.join(inside, name))))
    return entries


def host_entry(host, guest):
    info = os.lstat(host)
    if stat.S_ISLNK(info.st_mode):
        data = os.fsencode(os.readlink(host))
    elif stat.S_ISREG(info.st_mode):
        with open(host, "rb") as file:
            data = file.read()
    elif stat.S_ISDIR(info.st_mode):
        data = b""
    else:
        raise machines.MachineError(f"{host}: neither file, link nor folder")
    return mkimage.Entry(guest, data, info.st_mode)


def guest_program(args, base):
    """(argv, entries to add) of what shall run; argv[0] is its path there."""
    if not args.argv:
        return ["/bin/busybox", "sh"], []
    name = args.argv[0]
    inside = name if "/" in name else f"/bin/{name}"
    if any(e.name == inside.strip("/") for e in base) and not (
            "/" in name and os.path.exists(name)):
        return [inside] + args.argv[1:], []
    path, data = programs.load(name, args.arch)
    guest = os.path.abspath(path)
    argv = args.argv if "/" in name and not args.cwd else [guest] + args.argv[1:]
    return argv, [mkimage.Entry(guest, data, stat.S_IFREG | 0o755)]


def environment(extra):
    values = {"PATH": "/bin:/sbin:/usr/bin:/usr/sbin", "HOME": "/", "USER": "root"}
    for name in ("TERM", "LANG", "LC_ALL", "TZ"):
        if name in os.environ:
            values[name] = os.environ[name]
    for item in extra:
        name, equals, value = item.partition("=")
        if not name or not equals:
            raise machines.MachineError(f"--env {item}: not NAME=VALUE")
        values[name] = value
    return [f"{name}={value}" for name, value in values.items()]


def build_archive(args, terminal, target):
    base = mkimage.read_archive(machines.boot_archive(args.arch))
    argv, entries = guest_program(args, base)
    host_program = bool(entries)
    cwd = args.cwd or (os.getcwd() if host_program else "/")
    if cwd != "/":
        entries.append(mkimage.Entry(cwd, mode=stat.S_IFDIR | 0o755))
    for argument in args.add:
        entries += host_tree(argument)
    size = shutil.get_terminal_size()
    run = {"argv": argv, "env": environment(args.env),
           "cwd": cwd, "tty": terminal, "rows": size.lines,
           "columns": size.columns, "strace": args.strace,
           "verbose": args.verbose, "uid": args.user}
    text = "".join(f"{key} = {toml_value(value)}\n" for key, value in run.items())
    entries.append(mkimage.Entry("run.toml", text.encode()))
    mkimage.write_archive(target, base + entries)


def show_boot_text(session):
    text = session.boot_text.decode(errors="replace").replace("\r", "")
    # The firmware's banner tells nothing once the kernel has spoken.
    text = text[max(text.find("\nGlenda "), 0):]
    if text.strip():
        sys.stderr.write("glenda: the console said last:\n")
        sys.stderr.write("\n".join(text.splitlines()[-40:]) + "\n")


def run_machine(args, terminal, archive):
    machine = machines.Machine(args.arch, archive, args.mem, args.cpus,
                               args.qemu.split(), args.machine)
    show = "all" if args.verbose else "session" if args.strace else "nothing"
    log = open(args.log, "wb") if args.log else None  # closed with the process
    session = sessions.Session(machine, terminal, show, args.timeout, log)
    status = FAILED
    try:
        machine.start()
        status = session.run()
    except sessions.Ended as ended:
        status = ended.status
        if str(ended):
            print(f"glenda: {ended}", file=sys.stderr)
    finally:
        machine.kill()
        if status in (124, FAILED) and not args.verbose:
            show_boot_text(session)
    return status


def run(args):
    if args.cpus != 1:
        raise machines.MachineError(f"--cpus {args.cpus}: the kernel uses one "
                                    "processor")
    args.machine = machines.check_machine(args.arch, args.machine)
    terminal = (all(os.isatty(number) for number in (0, 1, 2))
                or args.machine in machines.UART_ONLY)
    machines.ensure_built(args.arch)
    with tempfile.TemporaryDirectory(prefix="glenda-") as folder:
        archive = os.path.join(folder, "boot.cpio")
        build_archive(args, terminal, archive)
        return run_machine(args, terminal, archive)


def main():
    args = parse_arguments(sys.argv[1:])
    try:
        return run(args)
    except programs.Refused as refused:
        print(f"glenda: {refused}", file=sys.stderr)
        return refused.status
    except (machines.MachineError, OSError, ValueError,
            subprocess.SubprocessError) as error:
        print(f"glenda: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
