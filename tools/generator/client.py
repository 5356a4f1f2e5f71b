# SPDX-License-Identifier: MIT
"""Writes NAME_client.h: one static inline stub per message."""

from .schema import INLINE_FIRST_WORD, PROTO_TYPES, REGISTER_WORDS
from .text import HEADER, comment, wrap_list

LEASE_FLAGS = {"in": "LEASE_READ", "out": "LEASE_WRITE",
               "inout": "LEASE_READ | LEASE_WRITE"}


def out_name(message, name):
    """A result's parameter; it may share its field name with an argument."""
    taken = {f["name"] for key in ("args", "leases", "caps")
             for f in message[key]}
    return name + "_out" if name in taken else name


def parameters(message):
    params = ["cptr_t self"]
    params += [f"{PROTO_TYPES[f['type']]} {f['name']}"
               for f in message["args"]]
    for lease in message["leases"]:
        const = "const " if lease["dir"] == "in" else ""
        params += [f"{const}void *{lease['name']}",
                   f"size_t {lease['name']}_len"]
        params += [f"uint64_t {lease['name']}_flags"] if lease["iovec"] else []
    params += [f"cptr_t {cap['name']}" for cap in message["caps"]]
    inline = message["inline"]
    if inline:
        const = "const " if inline["dir"] == "in" else ""
        params.append(f"{const}void *{inline['name']}")
    params += [f"{PROTO_TYPES[f['type']]} *{out_name(message, f['name'])}"
               for f in message["results"]]
    params += [f"cptr_t {out_name(message, cap['name'])}"
               for cap in message["result_caps"]]
    return params


def trimmed_count(items, test):
    """How many of the items are sent: optional ones at the end may stay."""
    count, out = len(items), ""
    while count and items[count - 1]["optional"]:
        out += f"{test(items[count - 1])} ? {count} : "
        count -= 1
    return f"{out}{count}"


def info_lines(protocol, message):
    words = str(len(message["args"]) + len(message["leases"]))
    inline = message["inline"]
    if inline and inline["dir"] == "in":
        words = f"{inline['name']} ? {REGISTER_WORDS} : {words}"
    caps = trimmed_count(message["caps"], lambda c: c["name"])
    leases = trimmed_count(message["leases"], lambda a: a["name"] + "_len")
    label = f"{protocol['name']}_{message['name']}".upper()
    out = wrap_list("\tmessage.info = message_info(",
                    [label, words, caps, leases], ");")
    if message["cancellable"]:
        out += "\tmessage.info |= INFO_CANCELLABLE;\n"
    return out


def request_lines(message):
    out, word = "", 0
    for field in message["args"]:
        out += f"\tmessage.words[{word}] = (uint64_t){field['name']};\n"
        word += 1
    for index, lease in enumerate(message["leases"]):
        name, flags = lease["name"], LEASE_FLAGS[lease["dir"]]
        if lease["iovec"]:
            flags += f" | {name}_flags"
        out += f"\tmessage.words[{word}] = {name}_len;\n"
        out += wrap_list("\tipc_lease(", [str(index), name, f"{name}_len",
                                          flags], ");")
        word += 1
    for index, cap in enumerate(message["caps"]):
        out += f"\tutcb_self()->caps[{index}] = {cap['name']};\n"
    for index, cap in enumerate(message["result_caps"]):
        out += (f"\tutcb_self()->receive[{index}] = "
                f"{out_name(message, cap['name'])};\n")
    inline = message["inline"]
    if inline and inline["dir"] == "in":
        out += f"\tif ({inline['name']})\n\t\t" + inline_copy(
            f"&message.words[{INLINE_FIRST_WORD}]", inline["name"],
            inline["length"], inline["max"])
    return out


def inline_copy(to, source, length, limit):
    return wrap_list("message_copy(", [to, source, length, str(limit)], ");",
                     "\t\t\t\t")


def answer_lines(message):
    out = ""
    for index, _ in enumerate(message["result_caps"]):
        out += f"\tutcb_self()->receive[{index}] = 0;\n"
    if not message["results"]:
        return out + "\treturn status_;\n"
    out += "\tif (status_ < 0)\n\t\treturn status_;\n"
    for index, field in enumerate(message["results"]):
        name = out_name(message, field["name"])
        out += (f"\tif ({name})\n\t\t*{name} = "
                f"({PROTO_TYPES[field['type']]})message.words[{index}];\n")
    inline = message["inline"]
    if inline and inline["dir"] == "out":
        index = [f["name"] for f in message["results"]].index(
            inline["length"])
        out += f"\tif ({inline['name']})\n\t\t" + inline_copy(
            inline["name"], f"&message.words[{INLINE_FIRST_WORD}]",
            f"message.words[{index}]", inline["max"])
    return out + "\treturn status_;\n"


def stub(protocol, message):
    call = "ipc_call_populate" if message["leases"] else "ipc_call"
    out = comment(message["prose"]) + "static inline status_t\n"
    out += wrap_list(f"{protocol['name']}_{message['name']}(",
                     parameters(message), ")")
    out += "{\n\tstruct message message = {0};\n\tstatus_t status_;\n\n"
    out += info_lines(protocol, message) + request_lines(message)
    out += f"\tstatus_ = {call}(self, &message);\n"
    return out + answer_lines(message) + "}\n\n"


def client_header(protocol):
    name = protocol["name"]
    out = HEADER + comment(
        f"Stubs for clients of {name}: generated from proto/{name}.toml by "
        "tools/generate.py. `self` is the capability that is invoked. A "
        "buffer is lent until the answer; the length of an optional one may "
        "be 0. Result pointers may be NULL and are written on success only. "
        "Parameters for received capabilities name empty slots, or are 0 to "
        "refuse. A stub blocks until the server answers and returns the "
        "kernel's or the server's status.")
    out += "#pragma once\n\n#include <glenda/ipc.h>\n"
    out += f"#include <glenda/{name}.h>\n\n"
    return out + "".join(stub(protocol, m) for m in protocol["messages"])
