# SPDX-License-Identifier: MIT
"""Reads abi/*.toml and proto/*.toml and refuses whatever is not exactly
understood: unknown keys, missing keys, wrong types, numbers or names used
twice, messages that do not fit the registers. The writers behind this module
rely on what it checked."""

import re
import tomllib

REGISTER_WORDS = 8
MAX_CAPS = 4
MAX_LEASES = 4
INLINE_BYTES = 32
INLINE_FIRST_WORD = 4

KERNEL_TYPES = {
    "u64": "uint64_t", "u32": "uint32_t", "u16": "uint16_t",
    "u8": "uint8_t", "bool": "bool", "cptr": "cptr_t", "vaddr": "vaddr_t",
    "paddr": "paddr_t", "size": "size_t", "words": None,
}
PROTO_TYPES = {
    "u64": "uint64_t", "i64": "int64_t", "u32": "uint32_t", "i32": "int32_t",
    "u16": "uint16_t", "u8": "uint8_t", "bool": "bool", "size": "size_t",
    "vaddr": "vaddr_t", "status": "status_t",
}
KEYWORDS = set("""auto break case char const continue default do double else
enum extern float for goto if inline int long register restrict return short
signed sizeof static struct switch typedef union unsigned void volatile while
bool true false asm errno stdin stdout stderr self message
context request ops""".split())


class SchemaError(Exception):
    """What is wrong, with the file and the entry."""


class Entry:
    """One table of the file, read key by key; what is left over is unknown."""

    def __init__(self, where, table):
        if not isinstance(table, dict):
            raise SchemaError(f"{where}: expected a table")
        self.where = where
        self.rest = dict(table)

    def fail(self, text):
        raise SchemaError(f"{self.where}: {text}")

    def take(self, key, kind, default=None, required=False):
        if key not in self.rest:
            if required:
                self.fail(f"key '{key}' is missing")
            return default
        value = self.rest.pop(key)
        if type(value) is not kind:
            self.fail(f"key '{key}' must be of type {kind.__name__}")
        return value

    def number(self, low, high):
        value = self.take("number", int, required=True)
        if not low <= value <= high:
            self.fail(f"number {value} is not within {low}..{high}")
        return value

    def name(self, pattern):
        value = self.take("name", str, required=True)
        if not re.fullmatch(pattern, value):
            self.fail(f"name '{value}' does not match {pattern}")
        return value

    def children(self, key, reader):
        items = self.take(key, list, [])
        return [reader(Entry(f"{self.where}, {key} {label(t, i)}", t))
                for i, t in enumerate(items)]

    def done(self):
        if self.rest:
            self.fail("unknown key " + ", ".join(map(repr, self.rest)))


def label(table, index):
    name = table.get("name") if isinstance(table, dict) else None
    return f"'{name}'" if name else f"number {index + 1}"


def unique(where, what, items, key):
    seen = set()
    for item in items:
        if item[key] in seen:
            raise SchemaError(f"{where}: {what} {key} '{item[key]}' twice")
        seen.add(item[key])


LOWER = r"[a-z][a-z0-9_]*"
UPPER = r"[A-Z][A-Z0-9_]*"
CAMEL = r"[A-Z][A-Za-z0-9]*"


def field_name(entry):
    name = entry.name(LOWER)
    if name in KEYWORDS:
        entry.fail(f"name '{name}' is reserved")
    return name


def read_field(types):
    def read(entry):
        field = {"name": field_name(entry),
                 "type": entry.take("type", str, required=True),
                 "doc": entry.take("doc", str, "")}
        if field["type"] not in types:
            entry.fail(f"unknown type '{field['type']}'")
        entry.done()
        return field
    return read


def read_constant(entry):
    item = {"group": entry.take("group", str, required=True),
            "name": entry.name(r"[A-Z0-9][A-Z0-9_]*"),
            "value": entry.take("value", int, required=True),
            "doc": entry.take("doc", str, "")}
    if not re.fullmatch(LOWER, item["group"]):
        entry.fail(f"group '{item['group']}' does not match {LOWER}")
    if not -(1 << 63) <= item["value"] < (1 << 64):
        entry.fail("value does not fit 64 bits")
    entry.done()
    return item


def check_constants(where, constants):
    pairs = [{"name": f"{c['group']}/{c['name']}"} for c in constants]
    unique(where, "constant", pairs, "name")


def load(path):
    try:
        with open(path, "rb") as file:
            return Entry(path, tomllib.load(file))
    except tomllib.TOMLDecodeError as error:
        raise SchemaError(f"{path}: {error}") from None


def read_named(low, high, prose):
    def read(entry):
        item = {"name": entry.name(UPPER), "number": entry.number(low, high),
                "doc": entry.take(prose, str, required=True)}
        entry.done()
        return item
    return read


def read_method(entry):
    method = {"name": entry.name(LOWER), "number": entry.number(1, 0xffff),
              "prose": entry.take("prose", str, required=True),
              "args": entry.children("args", read_field(KERNEL_TYPES)),
              "results": entry.children("results", read_field(KERNEL_TYPES))}
    for key in ("args", "results"):
        fields = method[key]
        unique(entry.where, key, fields, "name")
        if any(f["type"] == "words" for f in fields[:-1]):
            entry.fail(f"'words' must come last in {key}")
        if sum(f["type"] != "words" for f in fields) > REGISTER_WORDS:
            entry.fail(f"more than {REGISTER_WORDS} words of {key}")
    unique(entry.where, "field", method["args"] + method["results"], "name")
    entry.done()
    return method


def read_object(entry):
    item = {"name": entry.name(CAMEL), "number": entry.number(1, 0xff),
            "prose": entry.take("prose", str, required=True),
            "methods": entry.children("method", read_method)}
    for key in ("name", "number"):
        unique(entry.where, "method", item["methods"], key)
    entry.done()
    return item


def read_fault(entry):
    item = {"number": entry.number(1, 0xff),
            "kinds": entry.children("kinds", read_named(1, 0xffff, "doc")),
            "answers": entry.children("answers", read_named(0, 0xffff, "doc"))}
    for key in ("name", "number"):
        unique(entry.where, "kind", item["kinds"], key)
        unique(entry.where, "answer", item["answers"], key)
    entry.done()
    return item


def read_limits(entry):
    limits = {key: entry.take(key, int, required=True) for key in
              ("max_words", "register_words", "max_caps", "max_leases")}
    limits["version"] = entry.take("version", int, required=True)
    entry.name(r"kernel")
    entry.done()
    if limits["register_words"] != REGISTER_WORDS or \
            limits["max_caps"] != MAX_CAPS or \
            limits["max_leases"] != MAX_LEASES:
        entry.fail("limits differ from those of the generator")
    return limits


def load_kernel(path):
    """The kernel's interface as nested dictionaries and lists."""
    top = load(path)
    abi = {
        "limits": read_limits(Entry(f"{path}, abi",
                                    top.take("abi", dict, required=True))),
        "errors": top.children("error", read_named(-4095, 0, "text")),
        "syscalls": top.children("syscall", read_named(0, 255, "prose")),
        "objects": top.children("object", read_object),
        "constants": top.children("constant", read_constant),
        "fault": read_fault(Entry(f"{path}, fault",
                                  top.take("fault", dict, required=True))),
    }
    for kind in ("errors", "syscalls", "objects"):
        for key in ("name", "number"):
            unique(path, kind, abi[kind], key)
    unique(path, "protocol", abi["objects"] + [abi["fault"]], "number")
    check_constants(path, abi["constants"])
    top.done()
    return abi


def read_lease(entry):
    lease = {"name": field_name(entry),
             "dir": entry.take("dir", str, required=True),
             "doc": entry.take("doc", str, ""),
             "max": entry.take("max", int, (1 << 63) - 1),
             "optional": entry.take("optional", bool, False),
             "iovec": entry.take("iovec", bool, False)}
    if lease["dir"] not in ("in", "out", "inout"):
        entry.fail("dir must be in, out or inout")
    if lease["max"] < 1:
        entry.fail("max must be at least 1")
    entry.done()
    return lease


def read_cap(entry):
    cap = {"name": field_name(entry), "doc": entry.take("doc", str, ""),
           "optional": entry.take("optional", bool, False)}
    entry.done()
    return cap


def read_inline(entry):
    item = {"name": field_name(entry), "doc": entry.take("doc", str, ""),
            "max": entry.take("max", int, INLINE_BYTES),
            "length": entry.take("length", str, "count"),
            "dir": entry.take("dir", str, required=True)}
    if item["dir"] not in ("in", "out"):
        entry.fail("dir must be in or out")
    if not 1 <= item["max"] <= INLINE_BYTES:
        entry.fail(f"max must be within 1..{INLINE_BYTES}")
    entry.done()
    return item


def check_inline(entry, message):
    """Inline bytes need a length field and words 4-7 for themselves."""
    inline = message["inline"]
    fields = message["args" if inline["dir"] == "in" else "results"]
    if inline["length"] not in [f["name"] for f in fields]:
        entry.fail(f"no field '{inline['length']}' tells inline's length")
    used = len(fields)
    if inline["dir"] == "in":
        used += len(message["leases"])
    if used > INLINE_FIRST_WORD:
        entry.fail("inline bytes leave room for four words only")


def read_message(errors):
    def read(entry):
        message = {
            "name": entry.name(LOWER), "number": entry.number(1, 0xffff),
            "prose": entry.take("prose", str, required=True),
            "target": entry.take("target", str, ""),
            "cancellable": entry.take("cancellable", bool, False),
            "args": entry.children("args", read_field(PROTO_TYPES)),
            "leases": entry.children("leases", read_lease),
            "caps": entry.children("caps", read_cap),
            "results": entry.children("results", read_field(PROTO_TYPES)),
            "result_caps": entry.children("result_caps", read_cap),
            "errors": entry.take("errors", list, []), "inline": None}
        inline = entry.take("inline", dict)
        if inline:
            message["inline"] = read_inline(
                Entry(f"{entry.where}, inline", inline))
            check_inline(entry, message)
        check_message(entry, message, errors)
        entry.done()
        return message
    return read


def check_message(entry, message, errors):
    if len(message["args"]) + len(message["leases"]) > REGISTER_WORDS:
        entry.fail("arguments and lease lengths exceed eight words")
    if len(message["results"]) > REGISTER_WORDS:
        entry.fail("more than eight words of results")
    if len(message["leases"]) > MAX_LEASES:
        entry.fail("more than four leases")
    if max(len(message["caps"]), len(message["result_caps"])) > MAX_CAPS:
        entry.fail("more than four capabilities")
    for name in message["errors"]:
        if name not in errors:
            entry.fail(f"unknown error '{name}'")
    check_names(entry, message)
    check_optional(entry, message)


def check_names(entry, message):
    """Arguments may share a name with results, nothing else."""
    sent = message["args"] + message["leases"] + message["caps"]
    sent += [{"name": lease["name"] + end} for lease in message["leases"]
             for end in ("_len", "_flags")]
    got = message["results"] + message["result_caps"]
    if message["inline"]:
        (sent if message["inline"]["dir"] == "in" else got).append(
            message["inline"])
    unique(entry.where, "field", sent, "name")
    unique(entry.where, "result", got, "name")


def check_optional(entry, message):
    """An absent capability is one that is not sent, so it must come last."""
    marks = [cap["optional"] for cap in message["caps"]]
    if marks != sorted(marks):
        entry.fail("optional capabilities must come last")


def read_protocol(entry):
    item = {"name": field_name(entry), "number": entry.number(0x100, 0x7fff),
            "prose": entry.take("prose", str, required=True),
            "errno_base": entry.take("errno_base", int, 0)}
    entry.done()
    return item


def load_protocol(path, errors):
    """One server's protocol; `errors` are the names that may be answered."""
    top = load(path)
    table = top.take("protocol", dict, required=True)
    protocol = read_protocol(Entry(f"{path}, protocol", table))
    protocol["constants"] = top.children("constant", read_constant)
    protocol["messages"] = top.children("message", read_message(errors))
    for key in ("name", "number"):
        unique(path, "message", protocol["messages"], key)
    check_constants(path, protocol["constants"])
    top.done()
    return protocol
