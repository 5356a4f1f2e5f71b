#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Make the kernel's own symbol table, for symbolised backtraces.

usage: ksyms.py --empty OUT.S
       ksyms.py --elf KERNEL.elf --nm NM OUT.S

The kernel is linked with an empty table, then with the real one until the
addresses have settled (mk/rules.mk). OUT.S defines, in .rodata.ksyms:

    const struct ksym { uint64_t addr; uint32_t name_off; uint32_t pad; }
        ksyms_table[];          functions by rising address
    const uint64_t ksyms_count;
    const char ksyms_names[];   NUL-terminated; name_off counts from here

A symbol reaches to the next one's address.
"""
import argparse
import subprocess


def functions(elf, nm):
    """Text symbols of an ELF file as sorted (address, name), one per address."""
    found = {}
    out = subprocess.run([nm, elf], check=True, capture_output=True, text=True)
    for line in out.stdout.splitlines():
        fields = line.split()
        if len(fields) != 3 or fields[1] not in "TtWw":
            continue
        name = fields[2]
        if name.startswith((".L", "$")):
            continue
        address = int(fields[0], 16)
        found[address] = min(found.get(address, name), name)
    return sorted(found.items())


def write(path, symbols):
    lines = [
        '\t.section .rodata.ksyms, "a"',
        "\t.balign 8",
        "\t.globl ksyms_count, ksyms_table, ksyms_names",
        f"ksyms_count:\n\t.quad {len(symbols)}",
        "ksyms_table:",
    ]
    offset = 0
    for address, name in symbols:
        lines.append(f"\t.quad {address:#x}\n\t.long {offset}, 0")
        offset += len(name) + 1
    lines.append("ksyms_names:")
    lines += [f'\t.asciz "{name}"' for _, name in symbols] or ['\t.asciz ""']
    lines.append('\t.section .note.GNU-stack, "", @progbits')
    with open(path, "w", encoding="ascii") as out:
        out.write("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--empty", action="store_true")
    parser.add_argument("--elf")
    parser.add_argument("--nm", default="nm")
    parser.add_argument("out")
    args = parser.parse_args()
    write(args.out, [] if args.empty else functions(args.elf, args.nm))


if __name__ == "__main__":
    main()
