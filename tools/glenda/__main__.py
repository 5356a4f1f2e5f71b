# SPDX-License-Identifier: MIT
"""glenda run: boot Glenda, run one Linux program in it, give its status."""
import argparse
import os
import platform
import re
import shutil
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import machine as machines  # noqa: E402
import mkimage  # noqa: E402
import pack as packs  # noqa: E402
import program as programs  # noqa: E402
import session as sessions  # noqa: E402
import tree as trees  # noqa: E402

FAILED = 125
# What the system itself needs to boot, beside its archive.
SYSTEM_BYTES = 10 << 20
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
    run.add_argument("--arch", default=os.environ.get("ARCH") or machines.usual(),
                     help="riscv64 or x86_64 (usual: the host's own)")
    run.add_argument("--machine", default="",
                     help="virt; microvm (usual) or q35 on x86_64")
    run.add_argument("--cpus", type=int, default=1, help="processors: 1")
    run.add_argument("--mem", default="128M", help="memory (128M; plain: MiB)")
    run.add_argument("--user", type=int, default=0, help="user id (0)")
    run.add_argument("--env", action="append", default=[], metavar="NAME=VALUE")
    run.add_argument("--cwd", help="folder in the guest to start in")
    run.add_argument("--root", metavar="DIR", help="a folder of the host as /")
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
    return values


def base_tree(args):
    """What the machine boots with; --root brings its own programs, so that
    only Glenda's stay."""
    entries = mkimage.read_archive(machines.boot_archive(args.arch))
    if args.root:
        entries = [e for e in entries if "/" not in e.name
                   and not stat.S_ISDIR(e.mode)]
    tree = trees.Tree(entries)
    if args.root:
        tree.add_root(args.root)
    for argument in args.add:
        host, _, guest = argument.partition("=")
        if not host or not guest.startswith("/"):
            raise machines.MachineError(f"--add {argument}: not HOST=/GUEST")
        tree.add_host(host, guest)
    return tree


def shell_of(tree):
    for path, words in (("/bin/busybox", ["sh"]), ("/bin/bash", []), ("/bin/sh", [])):
        if tree.find(path):
            return [path, *words]
    raise programs.Refused(127, "there is no shell in the root folder")


def guest_program(args, tree, values):
    """(argv, is it the host's): the program with all that it needs is put
    into the tree; argv[0] is its path there."""
    if not args.argv:
        return shell_of(tree), False
    name = args.argv[0]
    if args.root:
        path = packs.check_inside(tree, name, args.cwd or "/", args.arch, values)
        return [name if "/" in name else path] + args.argv[1:], False
    inside = name if "/" in name else f"/bin/{name}"
    if tree.find(inside) and not ("/" in name and os.path.exists(name)):
        return [inside] + args.argv[1:], False
    path = programs.find(name)
    native = args.arch == platform.machine()
    packs.Packer(tree, args.arch, native, values).add_program(name, path)
    if "/" in name and not args.cwd:
        return args.argv, True
    return [os.path.abspath(path)] + args.argv[1:], True


def build_archive(args, terminal, target):
    tree = base_tree(args)
    values = environment(args.env)
    argv, host_program = guest_program(args, tree, values)
    cwd = args.cwd or (os.getcwd() if host_program else "/")
    if cwd != "/" and not tree.find(cwd):
        tree.add(mkimage.Entry(cwd, mode=stat.S_IFDIR | 0o755))
    size = shutil.get_terminal_size()
    run = {"argv": argv, "env": [f"{n}={v}" for n, v in values.items()],
           "cwd": cwd, "tty": terminal, "rows": size.lines,
           "columns": size.columns, "strace": args.strace,
           "verbose": args.verbose, "uid": args.user}
    text = "".join(f"{key} = {toml_value(value)}\n" for key, value in run.items())
    tree.add(mkimage.Entry("run.toml", text.encode()))
    mkimage.write_archive(target, tree.list())
    check_memory(args.mem, os.path.getsize(target))


def check_memory(memory, size):
    """The archive lies in the guest's memory, beside everything else."""
    match = re.fullmatch(r"(\d+)([KMGT]?)B?", str(memory).upper())
    if not match:
        raise machines.MachineError(f"--mem {memory}: not a size (128M)")
    unit = " KMGT".index(match[2] or "M")
    if size + SYSTEM_BYTES > int(match[1]) << 10 * unit:
        needed = (size + SYSTEM_BYTES + (1 << 20) - 1) >> 20
        raise machines.MachineError(
            f"the files take {size >> 20} MiB: --mem {memory} is too little, "
            f"they need {needed}M at least")


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
    except (machines.MachineError, trees.TreeError, OSError, ValueError,
            subprocess.SubprocessError) as error:
        print(f"glenda: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
