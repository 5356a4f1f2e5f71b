# SPDX-License-Identifier: MIT
"""What the differential suite, the borrowed suite and the benchmarks share:
finding Debian's packages, compiling Linux programs once, packing an initial
RAM disk, and booting a guest whose console output is read with a limit on
silence. Two guests are known, Debian's Linux and Glenda; both get the same
folder as /tests and run the same script in it."""

import hashlib
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent

ARCHES = ("riscv64", "x86_64")
TOOLCHAIN = {arch: f"{arch}-linux-gnu-" for arch in ARCHES}
MACHINE = {
	"riscv64": ["qemu-system-riscv64", "-M", "virt", "-cpu", "rv64",
	            "-accel", "tcg"],
	"x86_64": ["qemu-system-x86_64", "-M", "q35", "-cpu", "max",
	           "-accel", "tcg", "-nodefaults"],
}
CONSOLE = {"riscv64": "ttyS0", "x86_64": "ttyS0"}

# Cases pass bad pointers and recurse for ever on purpose.
CFLAGS = ["-std=gnu17", "-O2", "-static", "-Wall", "-Wextra", "-Wshadow",
          "-Wstrict-prototypes", "-Wundef", "-Wno-infinite-recursion",
          "-Wno-stringop-overread", "-Wno-stringop-overflow",
          "-Wno-nonnull", "-Wno-array-bounds",
          "-Werror", "-pthread"]

# What /init does on Linux: the mounts that Glenda has by itself, then the
# command that stands in /tests/command, without a controlling terminal.
LINUX_INIT = """#!/tests/busybox sh
# First process of the reference system.
b=/tests/busybox
[ -f /tests/first ] && . /tests/first
$b mount -t proc proc /proc
$b mount -t sysfs sysfs /sys
$b mount -t devtmpfs dev /dev
$b mount -t tmpfs -o mode=1777 tmp /tmp
$b mkdir -p /dev/shm
$b ln -s /proc/self/fd /dev/fd
echo 1 >/proc/sys/kernel/printk
[ -f /tests/prepare ] && . /tests/prepare
$b setsid $b sh /tests/command </dev/null
$b poweroff -f
"""


class Missing(Exception):
	"""Something that the host must provide is not there."""


def build_dir(arch):
	path = ROOT / "build" / arch
	path.mkdir(parents=True, exist_ok=True)
	return path


def file_hash(*paths):
	"""One SHA-256 over the contents of files, in the order given."""
	total = hashlib.sha256()
	for path in paths:
		total.update(hashlib.sha256(
			pathlib.Path(path).read_bytes()).digest())
	return total.hexdigest()


def debian_files(arch):
	"""Paths of the reference kernel, busybox and bash, as Debian built
	them; make fetches and unpacks them into build/ARCH/debian."""
	stamp = f"build/{arch}/debian/.stamp"
	if not (ROOT / stamp).exists():
		subprocess.run(["make", "-C", str(ROOT), f"ARCH={arch}",
		                stamp], stdout=sys.stderr, check=False)
	tree = build_dir(arch) / "debian"
	found = {}
	for key, pattern in (("kernel", "boot/vmlinu[xz]-*"),
	                     ("busybox", "usr/bin/busybox"),
	                     ("bash", "usr/bin/bash-static")):
		hits = sorted(tree.glob(pattern))
		if not hits:
			raise Missing(f"{tree}/{pattern}: not there")
		found[key] = hits[-1]
	return found


def run_tool(argv):
	"""Run a compiler or its like; its failure is ours, its absence is
	something that the machine lacks."""
	if not shutil.which(argv[0]):
		raise Missing(f"{argv[0]}: not installed")
	done = subprocess.run([str(a) for a in argv], capture_output=True,
	                      text=True)
	if done.returncode != 0:
		sys.stderr.write(done.stdout + done.stderr)
		sys.exit(f"{argv[0]} failed")


def program_build(arch, source, target, flags=()):
	"""Compile one static Linux program unless it is newer than all it
	depends on."""
	source, target = pathlib.Path(source), pathlib.Path(target)
	needs = [source, *source.parent.glob("*.h")]
	newest = max(p.stat().st_mtime for p in needs)
	if target.exists() and target.stat().st_mtime > newest:
		return
	target.parent.mkdir(parents=True, exist_ok=True)
	run_tool([TOOLCHAIN[arch] + "gcc", *CFLAGS, *flags, source,
	          "-o", target])


def cases_build(arch, sources, target):
	"""Link every C case into one program that runs the case which its
	first argument names, so that a hundred cases cost one C library."""
	work = build_dir(arch) / "linux-cases"
	work.mkdir(exist_ok=True)
	prefix = TOOLCHAIN[arch]
	include = HERE / "cases" / "arch" / arch
	header = max(p.stat().st_mtime for p in [
		*(HERE / "cases").glob("*.h"), *include.glob("*.h")])
	objects, names = [], []
	for source in sources:
		name = source.stem
		symbol = "main_" + name.replace("-", "_")
		out = work / (name + ".o")
		if not out.exists() or out.stat().st_mtime < max(
				source.stat().st_mtime, header):
			run_tool([prefix + "gcc", *CFLAGS, "-I", include,
			          "-I", HERE / "cases", "-c", source,
			          "-o", out])
			run_tool([prefix + "objcopy", "--redefine-sym",
			          "main=" + symbol, out])
		objects.append(out)
		names.append((name, symbol))
	table = work / "table.c"
	lines = ["#include <stdio.h>", "#include <string.h>"]
	lines += [f"int {s}(int, char **);" for _, s in names]
	lines += ["int main(int argc, char **argv)", "{",
	          "setvbuf(stdout, NULL, _IOLBF, 0);",
	          "if (argc < 2) return 99;"]
	lines += [f'if (!strcmp(argv[1], "{n}")) '
	          f"return {s}(argc - 1, argv + 1);" for n, s in names]
	lines += ["return 99;", "}", ""]
	text = "\n".join(lines)
	if not table.exists() or table.read_text() != text:
		table.write_text(text)
	run_tool([prefix + "gcc", "-O2", "-static", "-pthread", table,
	          *objects, "-o", target])


def cpio_entry(name, mode, data=b"", device=(0, 0)):
	fields = (0, mode, 0, 0, 1, 0, len(data), 0, 0, *device,
	          len(name.encode()) + 1, 0)
	head = "070701" + "".join("%08x" % f for f in fields)
	entry = head.encode() + name.encode() + b"\0"
	entry += b"\0" * (-len(entry) % 4)
	return entry + data + b"\0" * (-len(data) % 4)


def cpio_folder(folder, prefix):
	"""Entries for the folder's contents, their names behind PREFIX."""
	out = []
	for path in sorted(folder.rglob("*")):
		name = prefix + str(path.relative_to(folder))
		if path.is_symlink():
			out.append(cpio_entry(name, 0o120777,
			                      os.readlink(path).encode()))
		elif path.is_dir():
			out.append(cpio_entry(name, 0o40755))
		else:
			mode = 0o100000 | (path.stat().st_mode & 0o7777)
			out.append(cpio_entry(name, mode, path.read_bytes()))
	return out


def cpio_pack(folder, prefix, extra=(), root=None):
	"""The folder's contents under PREFIX as a newc archive, over those of
	the folder `root`, with the folders and the console that Linux wants
	before it has mounted anything, and extra (name, mode, data)
	entries."""
	out = [cpio_entry(d, 0o40755)
	       for d in ("dev", "proc", "sys", "tmp", prefix)]
	out.append(cpio_entry("dev/console", 0o20600, device=(5, 1)))
	out += cpio_folder(root, "") if root else []
	out += cpio_folder(folder, prefix + "/")
	out += [cpio_entry(name, mode, data) for name, mode, data in extra]
	out.append(cpio_entry("TRAILER!!!", 0))
	return b"".join(out)


class Console:
	"""The output of one guest, read until it ends or falls silent."""

	def __init__(self):
		self.text = ""
		self.end = ""
		self.partial = b""

	def progress(self, chunk):
		"""A line for each case that came to its end, so that whoever
		runs us sees that we live."""
		*lines, self.partial = (self.partial + chunk).split(b"\n")
		for line in lines:
			if re.match(rb"@@(end|part-end|bench) ", line):
				print("#", line.decode("utf-8", "replace")
				      .strip().lstrip("@"), flush=True)

	@staticmethod
	def stop(process):
		"""An interrupt lets ./glenda end the machine that it runs."""
		process.send_signal(signal.SIGINT)
		try:
			process.wait(10)
		except subprocess.TimeoutExpired:
			os.killpg(process.pid, signal.SIGKILL)

	def read_all(self, argv, silence, total, log=None):
		"""Run argv; `silence` and `total` are seconds. The end is
		"exit N", "silent" or "time"."""
		process = subprocess.Popen(
			argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
			stderr=subprocess.STDOUT, start_new_session=True)
		chunks = []
		deadline = time.monotonic() + total
		self.end = ""
		while not self.end:
			left = min(silence, deadline - time.monotonic())
			ready = select.select([process.stdout], [], [],
			                      max(left, 0))[0]
			if ready:
				chunk = os.read(process.stdout.fileno(), 65536)
				if not chunk:
					break
				chunks.append(chunk)
				self.progress(chunk)
			elif time.monotonic() >= deadline:
				self.end = "time"
			else:
				self.end = "silent"
		if self.end:
			self.stop(process)
		code = process.wait()
		self.end = self.end or f"exit {code}"
		raw = b"".join(chunks)
		self.text = raw.decode("utf-8", "replace").replace("\r", "")
		if log:
			log.write_text(self.text)
		return self


class Linux:
	"""Debian's kernel with the folder `stage` as /tests, and that of `root`,
	if given, as /."""
	name = "linux"

	def __init__(self, arch, stage, qemu_flags=(), root=None):
		self.arch, self.stage, self.root = arch, stage, root
		self.flags = list(qemu_flags)
		self.kernel = debian_files(arch)["kernel"]

	def prepare(self, command, memory):
		"""Make the image whose guest runs the shell text `command`;
		how to start it, as an argv with the console on its standard
		streams."""
		(self.stage / "command").write_text(command)
		image = build_dir(self.arch) / f"{self.stage.name}.cpio"
		image.write_bytes(cpio_pack(
			self.stage, "tests",
			[("init", 0o100755, LINUX_INIT.encode())], self.root))
		return [*MACHINE[self.arch], "-m", str(memory), "-display",
		        "none", "-chardev", "stdio,id=console,signal=off",
		        "-serial", "chardev:console", "-no-reboot",
		        *self.flags, "-kernel", str(self.kernel),
		        "-initrd", str(image), "-append",
		        f"console={CONSOLE[self.arch]} quiet rdinit=/init"]

	def run(self, command, silence, total, log=None, memory=512):
		"""Boot, run the shell text `command` in the guest, and give
		back the Console."""
		return Console().read_all(self.prepare(command, memory),
		                          silence, total, log)


class Glenda:
	"""Glenda with the folder `stage` as /tests, and that of `root`, if
	given, as /."""
	name = "glenda"

	def __init__(self, arch, stage, qemu_flags=(), root=None):
		self.arch, self.stage, self.root = arch, stage, root
		self.flags = list(qemu_flags)
		if not (ROOT / "glenda").exists():
			raise Missing("./glenda is not there")

	def prepare(self, command, memory):
		"""As for Linux; the one place that knows how Glenda is
		started."""
		(self.stage / "command").write_text(command)
		argv = [str(ROOT / "glenda"), "run", "--arch", self.arch,
		        "--mem", f"{memory}M", "--cwd", "/",
		        "--add", f"{self.stage}=/tests"]
		if self.flags:
			argv.append("--qemu=" + " ".join(self.flags))
		if self.root:
			argv += ["--root", str(self.root)]
		busybox = ("/tests/busybox" if self.root
		           else str(self.stage / "busybox"))
		return argv + ["--", busybox, "sh", "/tests/command"]

	def run(self, command, silence, total, log=None, memory=512):
		"""As for Linux."""
		return Console().read_all(self.prepare(command, memory),
		                          silence, total, log)


def stage_make(arch, name):
	"""A fresh folder that will be /tests, with busybox and bash in it."""
	stage = build_dir(arch) / name
	if stage.exists():
		shutil.rmtree(stage)
	(stage / "bin").mkdir(parents=True)
	files = debian_files(arch)
	for key in ("busybox", "bash"):
		shutil.copy(files[key], stage / key)
		(stage / key).chmod(0o755)
	return stage
