# SPDX-License-Identifier: MIT
"""Small helpers that every writer uses: names, C text, files."""

import os
import re
import textwrap

HEADER = "/* SPDX-License-Identifier: MIT */\n"


def snake(name):
    """PageTable -> page_table, VSpace -> vspace."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def comment(text, indent=""):
    """`text` as a C comment, wrapped to 78 columns."""
    body = " ".join(text.split()).replace("*/", "* /")
    lines = textwrap.wrap(body, 74 - 8 * len(indent))
    if len(lines) == 1:
        return f"{indent}/* {lines[0]} */\n"
    inner = "".join(f"{indent} * {line}\n" for line in lines)
    return f"{indent}/*\n{inner}{indent} */\n"


def wrap_list(head, items, tail, lead="\t\t"):
    """`head` + items joined by commas + `tail`, broken before column 80."""
    lines, line = [], head
    for index, item in enumerate(items):
        piece = item + ("," if index + 1 < len(items) else tail)
        gap = "" if line.endswith("(") or line == lead else " "
        width = len((line + gap + piece).expandtabs(8))
        if width > 79 and line.strip():
            lines.append(line)
            line, gap = lead, ""
        line += gap + piece
    if not items:
        line += tail
    return "\n".join(lines + [line]) + "\n"


def constants_block(groups):
    """Enums for C, the same names as plain defines for assembly.

    groups: list of (tag or None, text, [(name, value, doc)])."""
    out = "#ifndef __ASSEMBLER__\n\n"
    for tag, text, items in groups:
        out += comment(text) if text else ""
        out += f"enum {tag} {{\n" if tag else "enum {\n"
        for name, value, doc in items:
            out += comment(doc, "\t") if doc else ""
            out += f"\t{name} = {literal(value)},\n"
        out += "};\n\n"
    out += "#else\n\n"
    for _, _, items in groups:
        out += "".join(f"#define {name} {hex_or_int(value)}\n"
                       for name, value, _ in items)
    return out + "\n#endif\n"


def hex_or_int(value):
    return hex(value) if value > 4095 else str(value)


def literal(value):
    """A C constant; beyond int it needs its own type."""
    return hex_or_int(value)


def is_int(value):
    return -(1 << 31) <= value < (1 << 31)


def big_defines(items):
    """Constants that no enum can hold."""
    out = ""
    for name, value, doc in items:
        out += comment(doc) if doc else ""
        out += f"#define {name} {hex_or_int(value)}\n"
    return out + "\n" if out else ""


def save(path, text):
    """Write only what changed, so that nothing is compiled for nothing."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    try:
        with open(path, encoding="utf-8") as file:
            if file.read() == text:
                return
    except FileNotFoundError:
        pass
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def cell(text):
    """Text for one cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")
