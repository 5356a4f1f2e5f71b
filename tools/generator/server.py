# SPDX-License-Identifier: MIT
"""Writes NAME_server.h, what a server of the protocol implements, and
NAME_dispatch.c, which refuses malformed messages and calls it."""

from .schema import INLINE_BYTES, INLINE_FIRST_WORD, PROTO_TYPES, \
    REGISTER_WORDS
from .text import HEADER, comment, wrap_list


def names(protocol, message):
    base = f"{protocol['name']}_{message['name']}"
    return base, f"struct {base}_args", f"struct {base}_results"


def has_args(message):
    inline = message["inline"]
    return bool(message["args"] or message["leases"] or message["caps"] or
                (inline and inline["dir"] == "in"))


def has_results(message):
    return bool(message["results"] or message["result_caps"])


def member(ctype, name, doc, array=""):
    out = f"\t{ctype} {name}{array};"
    return out + (f"\t/* {' '.join(doc.split())} */\n" if doc and
                  len(doc) < 40 else "\n")


def args_struct(protocol, message):
    out = names(protocol, message)[1] + " {\n"
    for field in message["args"]:
        out += member(PROTO_TYPES[field["type"]], field["name"], field["doc"])
    for index, lease in enumerate(message["leases"]):
        out += member("uint64_t", lease["name"] + "_len", f"lease {index}")
    for cap in message["caps"]:
        out += member("struct received_cap", cap["name"], cap["doc"])
    inline = message["inline"]
    if inline and inline["dir"] == "in":
        out += member("uint8_t", inline["name"], "", f"[{INLINE_BYTES}]")
        out += member("bool", f"has_{inline['name']}", "")
    return out + "};\n\n"


def results_struct(protocol, message):
    out = names(protocol, message)[2] + " {\n"
    for field in message["results"]:
        out += member(PROTO_TYPES[field["type"]], field["name"], field["doc"])
    for cap in message["result_caps"]:
        out += member("struct sent_cap", cap["name"], cap["doc"])
    inline = message["inline"]
    if inline and inline["dir"] == "out":
        out += member("uint8_t", inline["name"], "", f"[{INLINE_BYTES}]")
    return out + "};\n\n"


def lease_constants(protocol, message):
    """The number by which lease_read and lease_write know a buffer."""
    base = names(protocol, message)[0].upper()
    return "".join(f"#define {base}_LEASE_{a['name'].upper()} {i}\n"
                   for i, a in enumerate(message["leases"]))


def operation(protocol, message):
    _, args, results = names(protocol, message)
    params = ["void *context", "struct request *request"]
    params += [f"const {args} *args"] if has_args(message) else []
    params += [f"{results} *results"] if has_results(message) else []
    return wrap_list(f"\tstatus_t (*{message['name']})(", params, ");",
                     "\t\t\t")


def pack_function(protocol, message):
    base, _, results = names(protocol, message)
    out = "static inline void\n" + wrap_list(
        f"{base}_pack(", [f"const {results} *results",
                          "struct answer *answer"], ")") + "{\n"
    for index, field in enumerate(message["results"]):
        out += (f"\tanswer->words[{index}] = "
                f"(uint64_t)results->{field['name']};\n")
    count = len(message["results"])
    inline = message["inline"]
    if inline and inline["dir"] == "out":
        out += wrap_list("\tmessage_copy(", [
            f"&answer->words[{INLINE_FIRST_WORD}]",
            f"results->{inline['name']}", str(INLINE_BYTES),
            str(INLINE_BYTES)], ");")
        count = REGISTER_WORDS
    for index, cap in enumerate(message["result_caps"]):
        out += f"\tanswer->caps[{index}] = results->{cap['name']};\n"
    out += f"\tanswer->word_count = {count};\n"
    return out + f"\tanswer->cap_count = {len(message['result_caps'])};\n}}\n\n"


def answer_function(protocol, message):
    """For servers that parked the request and answer later."""
    base, _, results = names(protocol, message)
    params = ["struct server *server", "cptr_t reply", "status_t status"]
    params += [f"const {results} *results"] if has_results(message) else []
    out = "static inline void\n" + wrap_list(f"{base}_answer(", params, ")")
    out += "{\n\tstruct answer answer = {0};\n\n"
    if has_results(message):
        out += "\tif (status == STATUS_OK)\n"
        out += f"\t\t{base}_pack(results, &answer);\n"
    return out + "\tanswer_send(server, reply, status, &answer);\n}\n\n"


def server_header(protocol):
    name = protocol["name"]
    out = HEADER + comment(
        f"What a server of {name} implements: generated from "
        f"proto/{name}.toml by tools/generate.py. An operation that is NULL "
        "answers UNSUPPORTED. An operation gets arguments that lie within "
        "their types and limits, fills results and returns a status; results "
        "travel only with STATUS_OK. After request_park it may return "
        f"SERVER_PARKED and answer later by {name}_MESSAGE_answer.")
    out += "#pragma once\n\n#include <glenda/server.h>\n"
    out += f"#include <glenda/{name}.h>\n\n"
    for message in protocol["messages"]:
        leases = lease_constants(protocol, message)
        out += leases + ("\n" if leases else "")
        if has_args(message):
            out += args_struct(protocol, message)
        if has_results(message):
            out += results_struct(protocol, message)
            out += pack_function(protocol, message)
        out += answer_function(protocol, message)
    out += f"struct {name}_ops {{\n"
    out += "".join(operation(protocol, m) for m in protocol["messages"])
    out += "};\n\n" + comment(
        f"Check the request and call the operation of `ops` (struct {name}_ops"
        "); for struct server_protocol.")
    return out + wrap_list(f"status_t {name}_dispatch(", [
        "const void *ops", "void *context", "struct request *request"], ");")


def rule(message):
    """The message's shape as data for request_check."""
    words = len(message["args"]) + len(message["leases"])
    types = [f"WORD_{f['type'].upper()}" for f in message["args"]]
    limits = [hex(a["max"]) for a in message["leases"]]
    caps_min = sum(not c["optional"] for c in message["caps"])
    leases_min = max((i + 1 for i, a in enumerate(message["leases"])
                      if not a["optional"]), default=0)
    inline = message["inline"]
    out = f"static const struct message_rule {message['name']}_rule = {{\n"
    out += f"\t.words = {words},\n"
    if inline and inline["dir"] == "in":
        out += f"\t.inline_words = {REGISTER_WORDS},\n"
    out += f"\t.caps_min = {caps_min},\n"
    out += f"\t.caps_max = {len(message['caps'])},\n"
    out += f"\t.leases_min = {leases_min},\n"
    out += f"\t.leases_max = {len(message['leases'])},\n"
    out += f"\t.lease_word = {len(message['args'])},\n"
    if types:
        out += wrap_list("\t.type = {", types, "},")
    if limits:
        out += wrap_list("\t.lease_max = {", limits, "},")
    return out + "};\n\n"


def decode_lines(message):
    out, word = "", 0
    for field in message["args"]:
        out += (f"\targs.{field['name']} = ({PROTO_TYPES[field['type']]})"
                f"words[{word}];\n")
        word += 1
    for lease in message["leases"]:
        out += f"\targs.{lease['name']}_len = words[{word}];\n"
        word += 1
    for index, cap in enumerate(message["caps"]):
        out += f"\targs.{cap['name']} = request->caps[{index}];\n"
    inline = message["inline"]
    if inline and inline["dir"] == "in":
        name = inline["name"]
        out += f"\targs.has_{name} = request_has_inline(request);\n"
        out += f"\tif (args.has_{name})\n" + wrap_list(
            "\t\tmessage_copy(", [f"args.{name}",
                                  f"&words[{INLINE_FIRST_WORD}]",
                                  str(INLINE_BYTES), str(INLINE_BYTES)],
            ");")
        out += (f"\tif (args.has_{name} && args.{inline['length']} > "
                f"{inline['max']})\n\t\treturn STATUS_INVALID_ARGUMENT;\n")
    return out


def handler(protocol, message):
    base, args, results = names(protocol, message)
    call = ["context", "request"]
    out = "static status_t\n" + wrap_list(f"dispatch_{message['name']}(", [
        f"const struct {protocol['name']}_ops *ops", "void *context",
        "struct request *request"], ")") + "{\n"
    if has_args(message):
        out += "\tconst uint64_t *words = request->message.words;\n"
        out += f"\t{args} args = {{0}};\n"
        call.append("&args")
    if has_results(message):
        out += f"\t{results} results = {{0}};\n"
        call.append("&results")
    out += "\tstatus_t status;\n\n"
    out += wrap_list("\tstatus = request_check(",
                     ["request", f"&{message['name']}_rule"], ");")
    out += "\tif (status < 0)\n\t\treturn status;\n"
    out += f"\tif (!ops->{message['name']})\n\t\treturn STATUS_UNSUPPORTED;\n"
    if has_args(message):
        out += decode_lines(message)
        if not (message["args"] or message["leases"] or message["inline"]):
            out = out.replace(
                "\tconst uint64_t *words = request->message.words;\n", "")
    out += wrap_list(f"\tstatus = ops->{message['name']}(", call, ");")
    if has_results(message):
        out += "\tif (status == STATUS_OK)\n"
        out += f"\t\t{base}_pack(&results, &request->answer);\n"
    return out + "\treturn status;\n}\n\n"


def dispatch_source(protocol):
    name = protocol["name"]
    out = HEADER + comment(
        f"Dispatch of {name}: generated from proto/{name}.toml by "
        "tools/generate.py. No operation sees a message that is not exactly "
        "of its shape.")
    out += f"#include <glenda/{name}_server.h>\n\n"
    for message in protocol["messages"]:
        out += rule(message) + handler(protocol, message)
    out += "status_t\n" + wrap_list(f"{name}_dispatch(", [
        "const void *ops", "void *context", "struct request *request"], ")")
    out += "{\n\tswitch (message_label(request->message.info)) {\n"
    for message in protocol["messages"]:
        out += f"\tcase {name}_{message['name']}:\n".replace(
            f"{name}_{message['name']}",
            f"{name}_{message['name']}".upper())
        out += (f"\t\treturn dispatch_{message['name']}"
                "(ops, context, request);\n")
    out += f"\t}}\n\tif (request_protocol(request) != {name.upper()}_PROTOCOL)"
    return out + ("\n\t\treturn STATUS_INVALID_PROTOCOL;\n"
                  "\treturn STATUS_INVALID_METHOD;\n}\n")
