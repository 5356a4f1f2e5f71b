#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The differential suite: runs every case of cases/ on Debian's Linux and on
Glenda, and demands the same standard output, standard error and status.
Prints PASS, FAIL or SKIP per case and a closing count.

What Linux did is kept under build/ARCH/linux-reference.json, per case and
keyed by everything that it depends on, so the reference system boots only
when something changed."""

import argparse
import base64
import fnmatch
import json
import re
import sys

import guest
import known

# A guest that ended or hung is started again for the rest, so often.
BOOTS = 8
FRAME = re.compile(r"^@@(\w+) ?(.*)$")


def arguments_read():
	parser = argparse.ArgumentParser(description=__doc__)
	parser.add_argument("--arch", default="riscv64")
	parser.add_argument("--only", action="append", default=[],
	                    metavar="PATTERN", help="shell pattern of names")
	parser.add_argument("--reference-only", action="store_true")
	parser.add_argument("--fresh", action="store_true",
	                    help="forget what Linux did before")
	parser.add_argument("--twice", action="store_true",
	                    help="run Linux twice; a difference is a failure")
	parser.add_argument("--batch", type=int, default=0, metavar="N",
	                    help="at most N cases in one boot")
	parser.add_argument("--limit", type=int, default=90,
	                    help="seconds for one case (guest time)")
	parser.add_argument("--total", type=int, default=900,
	                    help="seconds for one boot (time of the host)")
	parser.add_argument("--mem", type=int, default=512, metavar="MIB")
	parser.add_argument("--show", action="store_true",
	                    help="print what Linux did in each case")
	parser.add_argument("--list", action="store_true")
	parser.set_defaults(cache="linux-reference.json")
	return parser.parse_args()


def cases_find(arch, patterns):
	"""Sources of the cases by name, those of the architecture among them;
	names are unique over the kinds."""
	found, folder = {}, guest.HERE / "cases"
	paths = [*folder.iterdir(), *(folder / "arch" / arch).iterdir()]
	for path in sorted(paths, key=lambda p: p.name):
		if path.suffix not in (".sh", ".bash", ".c"):
			continue
		if path.stem in found:
			sys.exit(f"two cases are named {path.stem}")
		if not patterns or any(fnmatch.fnmatch(path.stem, p)
		                       for p in patterns):
			found[path.stem] = path
	return found


def stage_fill(arch):
	"""Everything that the guest needs, as the folder /tests."""
	stage = guest.stage_make(arch, "linux-tests")
	(stage / "cases").mkdir()
	everything = cases_find(arch, [])
	for path in everything.values():
		if path.suffix != ".c":
			target = stage / "cases" / path.name
			target.write_bytes(path.read_bytes())
	for source in sorted((guest.HERE / "programs").glob("*.c")):
		built = guest.build_dir(arch) / "linux-programs" / source.stem
		guest.program_build(arch, source, built)
		target = stage / "bin" / source.stem
		target.write_bytes(built.read_bytes())
		target.chmod(0o755)
	guest.cases_build(arch, [p for p in everything.values()
	                         if p.suffix == ".c"], stage / "bin" / "cases")
	script = (guest.HERE / "run-cases.sh").read_text()
	(stage / "run-cases.sh").write_text(script)
	(stage / "all").write_text("\n".join(everything) + "\n")
	return stage


def stream_decode(header, lines):
	length, digest = header.split()
	head = base64.b64decode("".join(lines)).decode("utf-8", "replace")
	return {"length": int(length), "sha256": digest, "head": head}


def frames_parse(text):
	"""Results by case name; a case without its end is not among them."""
	results, name, current, part = {}, None, {}, None
	for line in text.split("\n"):
		match = FRAME.match(line)
		if not match:
			if part:
				current[part][1].append(line.strip())
			continue
		word, rest = match.groups()
		part = None
		if word == "case":
			name, current = rest, {}
		elif word == "status":
			current["status"] = int(rest)
		elif word in ("stdout", "stderr"):
			part = word
			current[part] = (rest, [])
		elif word == "end" and rest == name:
			try:
				results[name] = {
					"status": current["status"],
					"stdout": stream_decode(
						*current["stdout"]),
					"stderr": stream_decode(
						*current["stderr"])}
			except (KeyError, ValueError) as error:
				results[name] = {
					"lost": f"garbled frame ({error})"}
	return results


def batch_run(system, names, options):
	"""Run names in as many boots as it takes: when a guest hangs or dies,
	the case in hand is lost and the rest goes on in a fresh one."""
	results, left, boots = {}, list(names), 0
	while left:
		batch = left[:options.batch] if options.batch else left
		boots += 1
		(system.stage / "list").write_text("\n".join(batch) + "\n")
		log = (guest.build_dir(options.arch) /
		       f"{system.stage.name}-{system.name}-{boots}.log")
		console = system.run(
			f"exec /tests/busybox sh /tests/run-cases.sh "
			f"-t {options.limit}\n", options.limit + 30,
			options.total, log, options.mem)
		got = frames_parse(console.text)
		results.update(got)
		if "@@done" not in console.text:
			lost = [n for n in batch if n not in got]
			# A guest that began no case at all would not do
			# better for the next.
			if "@@case" in console.text and boots < BOOTS:
				lost = lost[:1]
			tail = " | ".join(
				console.text.split("\n")[-6:])[-400:]
			for name in lost:
				results[name] = {
					"lost": f"guest ended ({console.end})"
					        f", last output: {tail}"}
		for name in batch:
			if name not in results and "@@done" in console.text:
				results[name] = {"lost": "frame missing"}
		left = [n for n in left if n not in results]
	return results


def difference(want, got):
	"""Nothing when both are the same, else the first difference."""
	if "lost" in got:
		return got["lost"]
	if "lost" in want:
		return f"Linux: {want['lost']}"
	for part in ("stdout", "stderr"):
		if want[part]["sha256"] == got[part]["sha256"]:
			continue
		one = want[part]["head"].split("\n")
		two = got[part]["head"].split("\n")
		for number, (a, b) in enumerate(
				zip(one + ["(end)"], two + ["(end)"]), 1):
			if a != b:
				return (f"{part} line {number}: Linux {a!r}, "
				        f"here {b!r}")
		return (f"{part}: {want[part]['length']} bytes on Linux, "
		        f"{got[part]['length']} here, heads equal")
	if want["status"] != got["status"]:
		return f"status {want['status']} on Linux, {got['status']} here"
	return None


def reference_keep(system, keys, common, options):
	"""What Linux did with each case of `keys` (name -> hash of what it is),
	from the cache where that and `common` are still the same."""
	path = guest.build_dir(options.arch) / options.cache
	cache = {}
	if path.exists() and not options.fresh:
		cache = json.loads(path.read_text())
	stale = [name for name, key in keys.items()
	         if cache.get(name, {}).get("key") != common + key]
	if stale:
		for name, result in batch_run(system, stale, options).items():
			if "lost" not in result:
				result["key"] = common + keys[name]
			cache[name] = result
		path.write_text(json.dumps(cache, indent=1))
	return {name: cache[name] for name in keys}


def reference_get(cases, system, options):
	"""What Linux did with each case."""
	stage = system.stage
	common = guest.file_hash(
		system.kernel, stage / "busybox", stage / "bash",
		stage / "run-cases.sh", guest.HERE / "cases" / "check.h",
		guest.HERE / "cases" / "arch" / options.arch / "cpu.h",
		*sorted((guest.HERE / "programs").glob("*.[ch]")))
	keys = {name: guest.file_hash(path) for name, path in cases.items()}
	return reference_keep(system, keys, common, options)


def reference_report(cases, reference, system, options):
	"""The reference alone: every case must end by itself, and the same
	way twice where asked. The status to exit with."""
	failed = 0
	again = reference
	if options.twice:
		again = batch_run(system, list(cases), options)
	for name in cases:
		trouble = difference(reference[name], again[name])
		if not trouble and reference[name]["status"] in (124, 137, 99):
			trouble = f"status {reference[name]['status']}"
		failed += bool(trouble)
		print(f"FAIL {name}: {trouble}" if trouble
		      else f"PASS {name}")
		if options.show and "lost" not in reference[name]:
			result = reference[name]
			print(f"  status {result['status']}")
			for part in ("stdout", "stderr"):
				for line in result[part]["head"].splitlines():
					print(f"  {part[3:]}: {line}")
	print(f"{len(cases) - failed} passed, {failed} failed, 0 skipped")
	return 1 if failed else 0


def main():
	options = arguments_read()
	cases = cases_find(options.arch, options.only)
	if options.list:
		print("\n".join(cases))
		return 0
	try:
		stage = stage_fill(options.arch)
		linux = guest.Linux(options.arch, stage)
		reference = reference_get(cases, linux, options)
	except guest.Missing as error:
		print(f"SKIP all: {error}")
		print(f"0 passed, 0 failed, {len(cases)} skipped")
		return 0
	if options.reference_only:
		return reference_report(cases, reference, linux, options)
	results = batch_run(guest.Glenda(options.arch, stage), list(cases),
	                    options)
	verdicts = known.Verdicts("linux", options.arch,
	                          cases_find(options.arch, []))
	for name in cases:
		verdicts.case(name, difference(reference[name], results[name]))
	return verdicts.close()


if __name__ == "__main__":
	sys.exit(main())
