#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Turns the interfaces, which are data, into code and reference pages.

    tools/generate.py [--out DIR] [--docs DIR] [--abi DIR] [--proto DIR]

Reads abi/kernel.toml and proto/*.toml; writes headers to DIR/include/glenda,
sources to DIR/src and, with --docs, one Markdown page per interface. Files
that would not change keep their time. Any doubt about the data is an error
that names the file and the entry."""

import argparse
import glob
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from generator import kernel, protocol, schema  # noqa: E402


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arch = os.environ.get("ARCH", "riscv64")
    parser.add_argument("--out", default=f"build/{arch}/gen")
    parser.add_argument("--docs", default=None)
    parser.add_argument("--abi", default="abi")
    parser.add_argument("--proto", default="proto")
    return parser.parse_args()


def load_all(args):
    abi = schema.load_kernel(f"{args.abi}/kernel.toml")
    errors = {error["name"] for error in abi["errors"]}
    protocols = [schema.load_protocol(path, errors)
                 for path in sorted(glob.glob(f"{args.proto}/*.toml"))]
    for key in ("name", "number"):
        schema.unique(args.proto, "protocol", protocols, key)
    return abi, protocols


def main():
    args = parse_arguments()
    try:
        abi, protocols = load_all(args)
    except (schema.SchemaError, OSError) as error:
        print(f"generate.py: {error}", file=sys.stderr)
        return 1
    kernel.write(abi, args.out, args.docs)
    for item in protocols:
        protocol.write(item, args.out, args.docs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
