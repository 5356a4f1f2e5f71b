# SPDX-License-Identifier: MIT
"""Writes what follows from abi/kernel.toml: abi.h, kernel_calls.h, status.c
and the kernel's reference page."""

import re

from .schema import KERNEL_TYPES
from .text import (HEADER, big_defines, cell, comment, constants_block, is_int,
                   save, snake, wrap_list)


def fixed(fields):
    return [f for f in fields if f["type"] != "words"]


def is_padding(field):
    """Fields pad0, pad1.. only keep words free; no stub asks for them."""
    return re.fullmatch(r"pad\d+", field["name"]) is not None


def open_ended(fields):
    return next((f for f in fields if f["type"] == "words"), None)


def method_constants(objects):
    labels, counts = [], []
    for item in objects:
        for method in item["methods"]:
            name = f"{snake(item['name'])}_{method['name']}".upper()
            labels.append((name, item["number"] << 16 | method["number"], ""))
            counts.append((f"{name}_ARGS", len(fixed(method["args"])), ""))
            counts.append((f"{name}_RESULTS", len(fixed(method["results"])),
                           ""))
    return labels, counts


def plain_constants(constants):
    return [(f"{c['group']}_{c['name']}".upper(), c["value"], c["doc"])
            for c in constants]


def abi_header(abi):
    limits, fault = abi["limits"], abi["fault"]
    labels, counts = method_constants(abi["objects"])
    plain = plain_constants(abi["constants"])
    groups = [
        ("status", "What a call can answer.",
         [("STATUS_" + e["name"], e["number"], e["doc"])
          for e in abi["errors"]]),
        ("syscall", "System call numbers.",
         [("SYSCALL_" + s["name"], s["number"], "") for s in abi["syscalls"]]),
        ("object_type", "Kinds of objects.",
         [("OBJECT_NONE", 0, "an empty slot")] +
         [("OBJECT_" + snake(o["name"]).upper(), o["number"], "")
          for o in abi["objects"]]),
        (None, "Labels of the methods: object number << 16 | method.", labels),
        (None, "Words of arguments and results; where an open-ended field "
         "follows, the words before it.", counts),
        ("fault", "Labels of the messages to fault endpoints.",
         [("FAULT_PROTOCOL", fault["number"], "")] +
         [("FAULT_" + k["name"], fault["number"] << 16 | k["number"],
           k["doc"]) for k in fault["kinds"]]),
        ("fault_answer", "Labels of the answers to faults.",
         [("FAULT_ANSWER_" + a["name"], a["number"], a["doc"])
          for a in fault["answers"]]),
        (None, "Limits of one message.",
         [("ABI_VERSION", limits["version"], ""),
          ("MAX_WORDS", limits["max_words"], ""),
          ("REGISTER_WORDS", limits["register_words"], ""),
          ("MAX_CAPS", limits["max_caps"], ""),
          ("MAX_LEASES", limits["max_leases"], "")]),
        (None, "Rights, flags and fields.", [c for c in plain if is_int(c[1])]),
    ]
    out = HEADER + comment(
        "The kernel's interface in numbers: generated from abi/kernel.toml by "
        "tools/generate.py and shared by the kernel and everything above it. "
        "Assembly sees the numbers only.")
    out += "#pragma once\n\n#ifndef __ASSEMBLER__\n#include <stdint.h>\n\n"
    out += "typedef int32_t status_t;\n\n"
    out += comment("A sentence about a status; never NULL.")
    out += "const char *status_string(status_t status);\n#endif\n\n"
    out += big_defines([c for c in plain if not is_int(c[1])])
    return out + constants_block(groups)


def stub(item, method):
    """A static inline function that invokes one method."""
    name = f"{snake(item['name'])}_{method['name']}"
    args, results = fixed(method["args"]), fixed(method["results"])
    more_in, more_out = open_ended(method["args"]), open_ended(method["results"])
    params = ["cptr_t self"]
    params += [f"{KERNEL_TYPES[f['type']]} {f['name']}" for f in args
               if not is_padding(f)]
    if more_in:
        params += [f"const uint64_t *{more_in['name']}", "unsigned count_in"]
    params += [f"{KERNEL_TYPES[f['type']]} *{f['name']}" for f in results]
    if more_out:
        params += [f"uint64_t *{more_out['name']}", "unsigned count_out"]
    out = comment(method["prose"]) + "static inline status_t\n"
    out += wrap_list(f"{name}(", params, ")") + "{\n"
    out += "\tstruct message message = {0};\n\tstatus_t status;\n\n"
    length = str(len(args)) + (" + count_in" if more_in else "")
    out += wrap_list("\tmessage.info = message_info(",
                     [name.upper(), length, "0", "0"], ");")
    for index, field in enumerate(args):
        if is_padding(field):
            continue
        out += f"\tmessage.words[{index}] = {field['name']};\n"
    if more_in:
        out += (f"\tmessage_put({len(args)}, {more_in['name']},"
                " count_in);\n")
    out += "\tstatus = syscall_call(self, &message);\n"
    for index, field in enumerate(results):
        ctype = KERNEL_TYPES[field["type"]]
        out += (f"\tif ({field['name']})\n"
                f"\t\t*{field['name']} = ({ctype})message.words[{index}];\n")
    if more_out:
        out += (f"\tmessage_get({len(results)}, "
                f"{more_out['name']}, count_out);\n")
    return out + "\treturn status;\n}\n\n"


def calls_header(abi):
    out = HEADER + comment(
        "One function per method of the kernel's objects: generated from "
        "abi/kernel.toml by tools/generate.py. `self` is the capability that "
        "is invoked; results may be NULL when nobody asks, and are undefined "
        "after an error unless the method says otherwise. None of them blocks.")
    out += "#pragma once\n\n#include <stdbool.h>\n#include <stddef.h>\n"
    out += "#include <glenda/ipc.h>\n\n"
    for item in abi["objects"]:
        for method in item["methods"]:
            out += stub(item, method)
    return out


def status_source(abi):
    out = HEADER + comment("Sentences for the status numbers: generated from "
                           "abi/kernel.toml by tools/generate.py.")
    out += "#include <glenda/abi.h>\n\nconst char *\n"
    out += "status_string(status_t status)\n{\n\tswitch (status) {\n"
    for error in abi["errors"]:
        text = error["doc"].replace("\\", "\\\\").replace('"', '\\"')
        out += f"\tcase STATUS_{error['name']}:\n\t\treturn \"{text}\";\n"
    return out + "\t}\n\treturn \"unknown status\";\n}\n"


def table(head, rows):
    out = "| " + " | ".join(head) + " |\n|" + "---|" * len(head) + "\n"
    for row in rows:
        out += "| " + " | ".join(cell(str(c)) for c in row) + " |\n"
    return out + "\n"


def field_rows(method):
    for key, text in (("args", "in"), ("results", "out")):
        for index, field in enumerate(method[key]):
            word = f"{index}.." if field["type"] == "words" else index
            yield (text, word, f"`{field['name']}`", field["type"],
                   field["doc"])


def reference(abi):
    out = "# Kernel calls\n\nGenerated from `abi/kernel.toml` by " \
        "`tools/generate.py`; do not edit.\n\n## System calls\n\n"
    out += table(("number", "name", "what it does"),
                 [(s["number"], s["name"], s["doc"])
                  for s in abi["syscalls"]])
    for item in abi["objects"]:
        out += f"## {item['name']} ({item['number']})\n\n"
        out += " ".join(item["prose"].split()) + "\n\n"
        for method in item["methods"]:
            name = f"{snake(item['name'])}_{method['name']}"
            number = item["number"] << 16 | method["number"]
            out += f"### `{name}` (label {number:#x})\n\n"
            out += " ".join(method["prose"].split()) + "\n\n"
            rows = list(field_rows(method))
            if rows:
                out += table(("", "word", "name", "type", ""), rows)
    fault = abi["fault"]
    out += f"## Faults (protocol {fault['number']})\n\n"
    out += table(("method", "kind", "words"),
                 [(k["number"], k["name"], k["doc"]) for k in fault["kinds"]])
    out += table(("label", "answer", "effect"),
                 [(a["number"], a["name"], a["doc"])
                  for a in fault["answers"]])
    out += "## Constants\n\n"
    out += table(("name", "value", ""), plain_constants(abi["constants"]))
    out += "## Errors\n\n"
    out += table(("number", "name", "meaning"),
                 [(e["number"], e["name"], e["doc"]) for e in abi["errors"]])
    return out.rstrip("\n") + "\n"


def write(abi, out, docs):
    save(f"{out}/include/glenda/abi.h", abi_header(abi))
    save(f"{out}/include/glenda/kernel_calls.h", calls_header(abi))
    save(f"{out}/src/status.c", status_source(abi))
    if docs:
        save(f"{docs}/kernel.md", reference(abi))
