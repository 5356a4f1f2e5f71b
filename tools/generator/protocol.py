# SPDX-License-Identifier: MIT
"""Writes the numbers of one proto/NAME.toml and its reference page, and has
client.py and server.py write the two sides."""

from .client import client_header
from .kernel import plain_constants, table
from .server import dispatch_source, server_header
from .text import (HEADER, big_defines, comment, constants_block, is_int,
                   save)


def numbers_header(protocol):
    name = protocol["name"].upper()
    plain = [(f"{name}_{tag}", value, doc) for tag, value, doc
             in plain_constants(protocol["constants"])]
    head = [(f"{name}_PROTOCOL", protocol["number"], "")]
    if protocol["errno_base"]:
        head.append((f"{name}_ERRNO_BASE", protocol["errno_base"],
                     "a status of -(this + n) is error number n"))
    labels = [(f"{name}_{m['name']}".upper(),
               protocol["number"] << 16 | m["number"], "")
              for m in protocol["messages"]]
    out = HEADER + comment(
        f"Numbers of the protocol {protocol['name']}: generated from "
        f"proto/{protocol['name']}.toml by tools/generate.py. "
        + protocol["prose"])
    out += "#pragma once\n\n"
    out += big_defines([c for c in plain if not is_int(c[1])])
    groups = [(None, "", head),
              (None, "Labels: protocol << 16 | message.", labels),
              (None, "", [c for c in plain if is_int(c[1])])]
    return out + constants_block([g for g in groups if g[2]])


def sent_rows(message):
    """What a request carries, as (where, name, type, text)."""
    word = 0
    for field in message["args"]:
        yield f"word {word}", field["name"], field["type"], field["doc"]
        word += 1
    for index, lease in enumerate(message["leases"]):
        notes = [lease["doc"], f"at most {lease['max']} bytes"
                 if lease["max"] < 1 << 62 else ""]
        notes += ["optional"] if lease["optional"] else []
        notes += ["may be a vector"] if lease["iovec"] else []
        yield (f"lease {index}, length in word {word}", lease["name"],
               lease["dir"], "; ".join(n for n in notes if n))
        word += 1
    for index, cap in enumerate(message["caps"]):
        notes = [cap["doc"], "optional" if cap["optional"] else ""]
        yield (f"capability {index}", cap["name"], "cap",
               "; ".join(n for n in notes if n))


def answer_rows(message):
    for index, field in enumerate(message["results"]):
        yield (f"answer word {index}", field["name"], field["type"],
               field["doc"])
    for index, cap in enumerate(message["result_caps"]):
        yield f"answer capability {index}", cap["name"], "cap", cap["doc"]


def inline_rows(message):
    inline = message["inline"]
    if inline:
        where = "words 4-7" if inline["dir"] == "in" else "answer words 4-7"
        yield (where, inline["name"], f"up to {inline['max']} bytes",
               inline["doc"] or f"`{inline['length']}` tells how many, "
               "when no buffer is lent")


def message_section(protocol, message):
    label = protocol["number"] << 16 | message["number"]
    out = f"## `{protocol['name']}_{message['name']}` ({label:#x})\n\n"
    out += " ".join(message["prose"].split()) + "\n\n"
    facts = []
    if message["target"]:
        facts.append(f"Target: {message['target']}.")
    if message["cancellable"]:
        facts.append("Can be cancelled.")
    if message["errors"]:
        facts.append("Errors: " + ", ".join(message["errors"]) + ".")
    out += " ".join(facts) + "\n\n" if facts else ""
    rows = [*sent_rows(message), *answer_rows(message), *inline_rows(message)]
    if rows:
        out += table(("where", "name", "type", ""),
                     [(w, f"`{n}`", t, d) for w, n, t, d in rows])
    return out


def reference(protocol):
    name = protocol["name"]
    out = f"# Protocol {name} ({protocol['number']:#06x})\n\n"
    out += f"Generated from `proto/{name}.toml` by `tools/generate.py`; " \
        "do not edit.\n\n" + " ".join(protocol["prose"].split()) + "\n\n"
    if protocol["errno_base"]:
        out += f"A status of -({protocol['errno_base']} + n) is error " \
            "number n of the protocol.\n\n"
    for message in protocol["messages"]:
        out += message_section(protocol, message)
    if protocol["constants"]:
        out += "## Constants\n\n" + table(
            ("name", "value", ""),
            [(f"{name}_{tag}".upper(), value, doc) for tag, value, doc
             in plain_constants(protocol["constants"])])
    return out.rstrip("\n") + "\n"


def write(protocol, out, docs):
    name = protocol["name"]
    include = f"{out}/include/glenda"
    save(f"{include}/{name}.h", numbers_header(protocol))
    save(f"{include}/{name}_client.h", client_header(protocol))
    save(f"{include}/{name}_server.h", server_header(protocol))
    save(f"{out}/src/{name}_dispatch.c", dispatch_source(protocol))
    if docs:
        save(f"{docs}/{name}.md", reference(protocol))
