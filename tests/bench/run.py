#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the same Linux benchmark under -icount on Debian's Linux and on Glenda,
adds the figures of Glenda's native benchmark, and writes build/bench.tsv
(arch, operation, system, value, unit) and docs/bench.md. Figures are executed
instructions; a system that cannot be run is left out and said to be."""

import argparse
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "linux"))
import guest  # noqa: E402

BENCH = pathlib.Path(__file__).resolve().parent
ARCHES = ("riscv64", "x86_64")
ICOUNT = ["-icount", "shift=0,sleep=off"]

# key: (operation as in the table of measures, targets on ARCHES)
OPERATIONS = {
	"ipc": ("IPC call + reply, other address space, registers", 250, 190),
	"ipc-words": ("the same, 10 words", 700, 600),
	"fault": ("fault to a handler and back", 500, 450),
	"notification": ("notification, no switch", 200, 170),
	"map": ("map one 4 KiB frame (in a run of 256: per page)", 300, 300),
	"map-run": ("the same in a run of 256: per page", 80, 80),
	"retype": ("retype one 4 KiB frame, cleared", 750, 700),
	"null": ("null system call (`getppid`)", 160, 110),
	"read-zero": ("read 1 byte of `/dev/zero`", 800, 600),
	"write-null": ("write 1 byte to `/dev/null`", 750, 560),
	"open-close": ("open + close", 4000, 4000),
	"pipe-one-process": ("pipe write + read 1 byte, one process", 1600, 1300),
	"pipe-ping-pong": ("pipe ping-pong, two processes", 5000, 4500),
	"futex-ping-pong": ("futex ping-pong, two threads", 3000, 2500),
	"yield-switch": ("`sched_yield` with a switch", 700, 600),
	"fork-exit-wait": ("fork + exit + wait", 80000, 80000),
	"fork-exec-tiny": ("fork + exec (tiny, no libc) + exit + wait",
	                   140000, 140000),
	"fork-exec-libc": ("fork + exec (static glibc) + exit + wait", 250000, 250000),
	"thread-create-join": ("pthread create + join", 20000, 20000),
	"mmap-munmap": ("mmap + munmap, untouched", 4000, 4000),
	"page-fault": ("page fault, per page of 1,024 touched", 1500, 1500),
	"signal": ("signal to self, handler, return", 2500, 2000),
	"boot": ("power-on to first user line, firmware included",
	         90000000, 100000000),
}
# What the kernel's tests call their figures, and the key above.
NATIVE = {
	"ipc_call_reply": "ipc",
	"ipc_call_reply_10_words": "ipc-words",
	"fault_round_trip": "fault",
	"notification_signal": "notification",
	"map_one_page": "map",
	"map_per_page_in_run_of_256": "map-run",
	"retype_one_frame": "retype",
}
LINE = re.compile(r"^@@bench (\S+) (\d+)\s*$", re.M)


def stage_fill(arch):
	stage = guest.stage_make(arch, "bench-tests")
	prefix = guest.TOOLCHAIN[arch]
	arch_dir = BENCH / "arch" / arch
	guest.run_tool([prefix + "gcc", *guest.CFLAGS,
	                BENCH / "linux_bench.c", arch_dir / "counter.c",
	                "-o", stage / "bin" / "linux_bench"])
	guest.run_tool([prefix + "gcc", *guest.CFLAGS,
	                BENCH / "libc_nothing.c",
	                "-o", stage / "bin" / "libc_nothing"])
	guest.run_tool([prefix + "gcc", "-static", "-nostdlib",
	                arch_dir / "tiny.S", "-o", stage / "bin" / "tiny"])
	(stage / "first").write_text("/tests/bin/linux_bench boot\n")
	return stage


def figures_get(system, arch):
	"""Figures by key, from one boot, fewer when it did not finish. Before
	it measures it sleeps: Linux has housekeeping to do after boot."""
	boot = "" if system.name == "linux" else "/tests/bin/linux_bench boot\n"
	log = guest.build_dir(arch) / f"bench-{system.name}.log"
	console = system.run(
		boot + "/tests/busybox sleep 20\n"
		"/tests/bin/linux_bench /tests/bin/tiny "
		"/tests/bin/libc_nothing\n", 120, 600, log)
	figures = {k: int(v) for k, v in LINE.findall(console.text)}
	if "@@bench-done" not in console.text:
		tail = " | ".join(console.text.split("\n")[-5:])[-300:]
		print(f"bench: {system.name} ended early ({console.end}): "
		      f"{tail}", file=sys.stderr)
	return figures


def native_get(arch):
	"""Figures that the kernel's own tests measure under the same flags:
	they leave them as a table beside the image."""
	build = f"build/{arch}"
	needs = [f"{build}/programs/kernel_test", "image"]
	subprocess.run(["make", "-C", guest.ROOT, f"ARCH={arch}", *needs],
	               stdout=sys.stderr, check=True)
	subprocess.run([sys.executable, "tests/system/kernel/run.py", build],
	               cwd=guest.ROOT, stdout=subprocess.DEVNULL, check=False)
	figures = {}
	table = (guest.ROOT / build / "kernel-figures.tsv").read_text()
	for line in table.splitlines():
		name, value, unit = line.split("\t")
		if name in NATIVE and unit == "instructions":
			figures[NATIVE[name]] = int(value)
	return figures


def text_number(value):
	return f"{value:,}" if value is not None else "–"


def report_write(arch, linux, glenda):
	"""The machine-readable file and the table for readers."""
	rows = []
	table = ["| operation (instructions) | Glenda | Linux | ratio | target |",
	         "|---|---|---|---|---|"]
	for key, (name, *targets) in OPERATIONS.items():
		target = targets[ARCHES.index(arch)]
		ours, theirs = glenda.get(key), linux.get(key)
		for system, value in (("glenda", ours), ("linux", theirs)):
			if value is not None:
				rows.append(f"{arch}\t{name}\t{system}\t{value}"
				            "\tinstructions")
		ratio = f"{ours / theirs:.2f}" if ours and theirs else "–"
		table.append(f"| {name} | {text_number(ours)} | "
		             f"{text_number(theirs)} | {ratio} | "
		             f"{text_number(target)} |")
	tsv = guest.ROOT / "build" / "bench.tsv"
	old = tsv.read_text().splitlines() if tsv.exists() else []
	rows = [r for r in old if r and not r.startswith(arch + "\t")] + rows
	tsv.write_text("\n".join(rows) + "\n")
	return "\n".join(table)


def docs_write(arch, section):
	"""Put the section of one architecture into docs/bench.md; what was
	measured for another one stays."""
	path = guest.ROOT / "docs" / "bench.md"
	old = path.read_text() if path.exists() else ""
	sections = {text.split()[1]: text
	            for text in re.split(r"^(?=## )", old, flags=re.M)[1:]}
	sections[arch] = section
	path.write_text(
		"# Benchmarks\n\nWritten by `make bench`. Executed "
		"instructions under `-icount shift=0,sleep=off`, one "
		"processor; each figure is the mean of many rounds and "
		"includes its loop.\n\n" + "\n".join(
			sections[a].strip("\n") + "\n" for a in ARCHES
			if a in sections))


def version(argv):
	done = subprocess.run(argv, capture_output=True, text=True)
	return done.stdout.split("\n")[0].strip()


def main():
	parser = argparse.ArgumentParser(description=__doc__)
	parser.add_argument("--arch", default="riscv64")
	parser.add_argument("--linux-only", action="store_true")
	parser.add_argument("--no-docs", action="store_true",
	                    help="leave docs/bench.md as it is")
	options = parser.parse_args()
	arch = options.arch
	try:
		stage = stage_fill(arch)
		linux = guest.Linux(arch, stage, ICOUNT)
		theirs = figures_get(linux, arch)
		ours = {}
		if not options.linux_only:
			ours = native_get(arch)
			ours.update(figures_get(
				guest.Glenda(arch, stage, ICOUNT), arch))
	except (guest.Missing, OSError,
	        subprocess.CalledProcessError) as error:
		sys.exit(f"bench: {error}")
	table = report_write(arch, theirs, ours)
	print(table)
	commit = version(["git", "-C", str(guest.ROOT), "rev-parse", "--short",
	                  "HEAD"])
	qemu = version([guest.MACHINE[arch][0], "--version"])
	if not options.no_docs:
		docs_write(arch, f"## {arch}\n\nCommit {commit}, {qemu}, "
		           f"{linux.kernel.name}.\n\n{table}\n")
	missing = [k for k in OPERATIONS if k not in ours]
	if not options.linux_only and missing:
		print("not measured on Glenda: " + ", ".join(missing))
		return 1
	return 0


if __name__ == "__main__":
	sys.exit(main())
