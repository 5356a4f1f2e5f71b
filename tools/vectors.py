#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows that native images use no vector or floating-point registers.

    tools/vectors.py OBJDUMP FOLDER

A call to a server leaves the caller's such registers alone, because nobody on
the way touches them. The compiler is told so for our code; this looks at what
was linked, the C library's part included. Only the shim's line_fp_*, which move
a program's registers on purpose, may name some."""

import os
import re
import subprocess
import sys

# x86_64: %xmm0, %ymm0, %zmm0, %mm0, %st; riscv64: the operands of fld and so on.
VECTOR = re.compile(r"%([xyz]?mm\d+|st\b)|\t(f(ld|sd|lw|sw|mv|add|cvt)\.?\w*)\t")
FUNCTION = re.compile(r"^[0-9a-f]+ <(.+)>:$")


def offences(objdump, image):
    text = subprocess.run([objdump, "-d", "--no-show-raw-insn", image],
                          check=True, capture_output=True, text=True).stdout
    function = "?"
    for line in text.splitlines():
        heading = FUNCTION.match(line)
        if heading:
            function = heading[1]
        elif VECTOR.search(line) and not function.startswith("line_fp_"):
            yield f"{image}: {function}: {line.strip()}"


def main():
    if len(sys.argv) != 3:
        print("usage: vectors.py OBJDUMP FOLDER", file=sys.stderr)
        return 2
    images = [entry.path for entry in os.scandir(sys.argv[2])]
    found = [text for image in images
             for text in offences(sys.argv[1], image)]
    for text in found[:20]:
        print(text)
    print(f"{len(images)} images, {len(found)} uses of vector registers")
    if found or not images:
        print("FAIL native_code_keeps_off_vector_registers: "
              f"{found[0] if found else 'no image was found'}")
        return 1
    print("PASS native_code_keeps_off_vector_registers")
    return 0


if __name__ == "__main__":
    sys.exit(main())
