# SPDX-License-Identifier: MIT
"""Verdicts of the suites that compare with Linux. known.toml names the cases in
which Glenda is known to differ; they are skipped with the reason, as long as
they fail. A case that is not named there fails the run."""

import pathlib
import tomllib

FILE = pathlib.Path(__file__).resolve().parent / "known.toml"
KEYS = {"differs", "belongs"}


def read(suite, arch):
	"""Known differences of one suite: case -> one sentence."""
	with open(FILE, "rb") as file:
		entries = tomllib.load(file).get(suite, {})
	for name, entry in entries.items():
		if set(entry) - {"arch"} != KEYS:
			raise ValueError(f"{FILE.name}: {suite}.{name} needs "
			                 f"{' and '.join(sorted(KEYS))}")
	return {name: f"{entry['differs']} ({entry['belongs']})"
	        for name, entry in entries.items()
	        if entry.get("arch", arch) == arch}


class Verdicts:
	"""Prints a line per case and counts."""

	def __init__(self, suite, arch, cases):
		"""`cases`: every name that the suite has."""
		self.known = read(suite, arch)
		self.passed = self.failed = self.skipped = 0
		for name in sorted(set(self.known) - set(cases)):
			self.failed += 1
			print(f"FAIL {name}: known.toml names it, and there "
			      "is no such case")

	def case(self, name, trouble):
		"""`trouble` says how the case differed; empty: it did not."""
		if not trouble:
			self.passed += 1
			print(f"PASS {name}")
			if name in self.known:
				print(f"# note: {name} passes; remove it from "
				      "known.toml")
		elif name in self.known:
			self.skipped += 1
			print(f"SKIP {name}: known difference: "
			      f"{self.known[name]}")
			print(f"#   {trouble}")
		else:
			self.failed += 1
			print(f"FAIL {name}: {trouble}")

	def close(self):
		"""Print the counts; the status to exit with."""
		print(f"{self.passed} passed, {self.failed} failed, "
		      f"{self.skipped} skipped", flush=True)
		return 1 if self.failed else 0
