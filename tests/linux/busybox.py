#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs busybox's own test suite (the source package's testsuite/ and the
shell's ash_test/) with Debian's busybox-static, on Linux and on Glenda, and
demands that at least 95 % of what passes on Linux passes on Glenda. The list
of every test goes to build/ARCH/busybox-tests.tsv (test, linux, glenda)."""

import argparse
import io
import json
import re
import subprocess
import sys
import tarfile

import guest
import known

# The applets of the shell's daily work that have tests, and the shell's own.
PARTS = """ash ls cat cp mv rm mkdir rmdir find grep sed awk sort tr wc head
tail cut tar gzip gunzip md5sum sha1sum sha256sum sha512sum dd seq xargs date
id uptime echo printf test expr true false tee touch ln readlink realpath pwd
basename dirname uniq which cmp diff comm fold nl paste rev od hexdump strings
expand unexpand du hostname time tsort sum factor cpio
ash-alias ash-arith ash-comm ash-getopts ash-glob ash-heredoc ash-invert
ash-misc ash-parsing ash-psubst ash-quoting ash-read ash-redir ash-signals
ash-standalone ash-vars""".split()
SHARE = 95
# A guest that ended or hung is started again for the rest, so often.
BOOTS = 6
HELPERS = ("printenv", "recho", "zecho")
LINE = re.compile(r"^(PASS|FAIL|SKIPPED|UNTESTED): (.*)$")


def source_find():
	"""The unpacked source package, fetched when it is not there."""
	source = guest.ROOT / "build" / "src" / "busybox"
	if not (source / "testsuite").exists():
		subprocess.run([sys.executable, guest.ROOT / "tools/fetch.py",
		                "--unpack", source, "busybox-source"],
		               check=True)
	return source


def suite_pack(arch, source, target):
	"""The tests, the options they ask for and the three helpers that the
	shell's tests need, as one tar for the guest."""
	with tarfile.open(target, "w") as out:
		out.add(source / "testsuite", "testsuite")
		out.add(source / "shell" / "ash_test", "ash_test")
		out.add(guest.HERE / "busybox.config", ".config")
		for name in HELPERS:
			built = guest.build_dir(arch) / "linux-cases" / name
			built.parent.mkdir(exist_ok=True)
			guest.run_tool([
				guest.TOOLCHAIN[arch] + "gcc", "-w", "-O2",
				"-static", source / "shell" / "ash_test" /
				(name + ".c"), "-o", built])
			out.add(built, "ash_test/" + name)
		link = tarfile.TarInfo("ash_test/ash")
		link.type, link.linkname = tarfile.SYMTYPE, "../busybox"
		out.addfile(link, io.BytesIO())


def parts_parse(text):
	"""Results by part, of the parts that came to their end."""
	results, part, tests = {}, None, {}
	for line in text.split("\n"):
		if line.startswith("@@part "):
			part, tests = line.split()[1], {}
		elif line.startswith("@@part-end ") and part:
			results[part] = tests
			part = None
		elif part and (match := LINE.match(line)):
			name, number = match[2], 1
			while name in tests:
				number += 1
				name = f"{match[2]} #{number}"
			tests[name] = match[1]
	return results


def system_run(system, parts, options):
	"""Run parts in as many boots as it takes; a part in which the guest
	ended has no results."""
	results, left, boots = {}, list(parts), 0
	while left:
		boots += 1
		log = (guest.build_dir(options.arch) /
		       f"busybox-tests-{system.name}-{boots}.log")
		console = system.run(
			"exec /tests/busybox env -i HOME=/ TERM=dumb "
			"LANG=en_US.UTF-8 PATH=/bin "
			"/tests/busybox sh /tests/run-busybox.sh "
			f"-t {options.limit} {' '.join(left)}\n",
			240, 1200, log)
		results.update(parts_parse(console.text))
		lost = [p for p in left if p not in results]
		if lost and "@@done" not in console.text:
			print(f"# {system.name} ended in {lost[0]} "
			      f"({console.end})", flush=True)
			# A guest that began nothing would not do better
			# for the next part.
			began = "@@part" in console.text and boots < BOOTS
			results.update(
				(p, {}) for p in lost[:1 if began else None])
		left = [p for p in left if p not in results]
	return results


def reference_get(stage, options, parts):
	"""What Linux does, from the cache when nothing changed."""
	system = guest.Linux(options.arch, stage)
	key = guest.file_hash(system.kernel, stage / "busybox",
	                      stage / "run-busybox.sh",
	                      guest.HERE / "busybox.config")
	path = guest.build_dir(options.arch) / "busybox-reference.json"
	cache = json.loads(path.read_text()) if path.exists() else {}
	if cache.get("key") != key or options.fresh:
		cache = {"key": key, "parts": {}}
	missing = [p for p in parts if p not in cache["parts"]]
	if missing:
		cache["parts"].update(system_run(system, missing, options))
		path.write_text(json.dumps(cache, indent=1))
	return {p: cache["parts"].get(p, {}) for p in parts}


def flat(results):
	return {f"{part}: {name}": outcome
	        for part, tests in results.items()
	        for name, outcome in tests.items()}


def report(options, linux, glenda):
	"""Write the list; the number of tests that pass on Linux, and of
	those that pass on Glenda too."""
	linux, glenda = flat(linux), flat(glenda)
	lines = ["test\tlinux\tglenda"]
	for name in sorted(linux.keys() | glenda.keys()):
		lines.append(f"{name}\t{linux.get(name, '-')}\t"
		             f"{glenda.get(name, '-')}")
	path = guest.build_dir(options.arch) / "busybox-tests.tsv"
	path.write_text("\n".join(lines) + "\n")
	good = [n for n, outcome in linux.items() if outcome == "PASS"]
	both = [n for n in good if glenda.get(n) == "PASS"]
	for outcome in ("PASS", "FAIL", "SKIPPED", "UNTESTED"):
		print(f"  {outcome}: "
		      f"{sum(o == outcome for o in linux.values())} on Linux, "
		      f"{sum(o == outcome for o in glenda.values())} here")
	for name in good:
		if glenda and name not in both:
			print(f"  passes on Linux only: {name}")
	return len(good), len(both)


def main():
	parser = argparse.ArgumentParser(description=__doc__)
	parser.add_argument("--arch", default="riscv64")
	parser.add_argument("--only", action="append", metavar="PART")
	parser.add_argument("--reference-only", action="store_true")
	parser.add_argument("--fresh", action="store_true",
	                    help="forget what Linux did before")
	parser.add_argument("--limit", type=int, default=120,
	                    help="seconds for one part (guest time)")
	options = parser.parse_args()
	parts = options.only or PARTS
	try:
		stage = guest.stage_make(options.arch, "busybox-tests")
		suite_pack(options.arch, source_find(), stage / "suite.tar")
		script = (guest.HERE / "run-busybox.sh").read_text()
		(stage / "run-busybox.sh").write_text(script)
		linux = reference_get(stage, options, parts)
		glenda = {}
		if not options.reference_only:
			glenda = system_run(guest.Glenda(options.arch, stage),
			                    parts, options)
	except (guest.Missing, subprocess.CalledProcessError) as error:
		print(f"SKIP share-that-passes: {error}")
		print("0 passed, 0 failed, 1 skipped")
		return 0
	good, both = report(options, linux, glenda)
	if options.reference_only:
		return 0
	trouble = ""
	print(f"# {both} of {good} that pass on Linux pass here")
	if good == 0 or both * 100 < good * SHARE:
		trouble = (f"{both} of {good} that pass on Linux pass here, "
		           f"less than {SHARE} %")
	verdicts = known.Verdicts("busybox", options.arch, ["share-that-passes"])
	verdicts.case("share-that-passes", trouble)
	return verdicts.close()


if __name__ == "__main__":
	sys.exit(main())
