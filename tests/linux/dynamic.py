#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Debian's dynamic programs, out of their packages as they are, on Linux and on
Glenda: the same root folder, the same scripts (dynamic/*.cases), the same
output and status. Prints PASS, FAIL or SKIP per case and a closing count."""

import argparse
import fnmatch
import os
import re
import shutil
import subprocess
import sys

import guest
import known
import run

HEAD = re.compile(r"^== (\S+)\n", re.M)


def cases_read():
	"""Scripts by name, in the order of the files."""
	found = {}
	for path in sorted((guest.HERE / "dynamic").glob("*.cases")):
		words = HEAD.split(path.read_text(encoding="utf-8"))
		for name, text in zip(words[1::2], words[2::2]):
			if name in found:
				sys.exit(f"two cases are named {name}")
			found[name] = text
	return found


def root_find(arch):
	"""The folder with the packages; make fetches and unpacks them."""
	root = guest.build_dir(arch) / "dynamic"
	if not (root / ".stamp").exists():
		subprocess.run(["make", "-C", str(guest.ROOT), f"ARCH={arch}",
		                f"build/{arch}/dynamic/.stamp"],
		               stdout=sys.stderr, check=False)
	if not (root / ".stamp").exists():
		raise guest.Missing(f"{root}: not there")
	return root


def stage_fill(arch, cases):
	"""What stands beside the root folder, as /tests."""
	stage = guest.stage_make(arch, "dynamic-tests")
	(stage / "cases").mkdir()
	for name, text in cases.items():
		(stage / "cases" / f"{name}.dynamic").write_text(
			text, encoding="utf-8")
	shutil.copy(guest.HERE / "run-cases.sh", stage)
	(stage / "all").write_text("\n".join(cases) + "\n")
	(stage / "path").write_text("/usr/bin:/usr/sbin\n")
	return stage


def arguments_read():
	parser = argparse.ArgumentParser(description=__doc__)
	parser.add_argument("--arch", default="x86_64")
	parser.add_argument("--only", action="append", default=[],
	                    metavar="PATTERN", help="shell pattern of names")
	parser.add_argument("--reference-only", action="store_true")
	parser.add_argument("--fresh", action="store_true",
	                    help="forget what Linux did before")
	parser.add_argument("--twice", action="store_true",
	                    help="run Linux twice; a difference is a failure")
	parser.add_argument("--show", action="store_true",
	                    help="print what Linux did in each case")
	parser.set_defaults(batch=0, limit=60, total=900, mem=512,
	                    cache="dynamic-reference.json")
	options = parser.parse_args()
	if os.environ.get("TEST"):
		options.only.append(os.environ["TEST"])
	return options


def main():
	options = arguments_read()
	everything = cases_read()
	cases = {n: t for n, t in everything.items() if not options.only
	         or any(fnmatch.fnmatch(n, p) for p in options.only)}
	try:
		root = root_find(options.arch)
		stage = stage_fill(options.arch, everything)
		linux = guest.Linux(options.arch, stage, root=root)
		keys = {n: guest.file_hash(stage / "cases" / f"{n}.dynamic")
		        for n in cases}
		common = guest.file_hash(linux.kernel, stage / "busybox",
		                         stage / "run-cases.sh",
		                         guest.ROOT / "tools" / "pins.toml",
		                         guest.ROOT / "mk" / "deps.mk")
		reference = run.reference_keep(linux, keys, common, options)
	except guest.Missing as error:
		print(f"SKIP all: {error}")
		print(f"0 passed, 0 failed, {len(cases)} skipped")
		return 0
	if options.reference_only:
		return run.reference_report(cases, reference, linux, options)
	results = run.batch_run(guest.Glenda(options.arch, stage, root=root),
	                        list(cases), options)
	verdicts = known.Verdicts("dynamic", options.arch, everything)
	for name in cases:
		verdicts.case(name, run.difference(reference[name],
		                                   results[name]))
	return verdicts.close()


if __name__ == "__main__":
	sys.exit(main())
