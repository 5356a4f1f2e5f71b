#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/pcb.md has an owner, or a reason for none, for every field of the
process control block of the design document (row Y1), and the members that it
names exist."""
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
FIELDS = """
kernel_sp user_sp list save_context switch_context core_id in_use elf dynamic
name cmd pid tid pgid gid uid clear_ctid father_pid child_pids child_num
child_stat_addrs threadsum thread_ids type status exit_status cursor_x cursor_y
sched_policy priority core_mask personality pgdir handling_signal flags
sigactions sig_recv sig_pend sig_mask prev_mask locksum lock_ids chan mbox
fd_head stime_last utime_last real_time_last timer dead_child_stime
dead_child_utime real_itime virt_itime prof_itime real_time_last_nano
cputime_id_clock start_tick resources cap arg_start arg_end env_start env_end
""".split()
SOURCES = {
    "process": ["servers/factotum/process.h"],
    "thread": ["servers/factotum/process.h", "kernel/include/thread.h"],
    "space": ["servers/factotum/space.h"],
    "line_thread": ["line/line.h"],
    "line_process": ["line/line.h"],
}


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as file:
        return file.read()


def rows():
    """(fields, owner, text) of each line of the table."""
    for line in read("docs/pcb.md").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == 5 and "`" in cells[1]:
            yield re.findall(r"`(\w+)", cells[1]), cells[2], cells[3]


def members(kind, text):
    """Names of members of a structure of this kind that the text mentions."""
    return re.findall(rf"`{kind}\.(\w+)", text)


def missing(kind, name):
    return not any(re.search(rf"\b{name}\b\s*[;:,\[=(]", read(path))
                   for path in SOURCES[kind])


def main():
    table = list(rows())
    named = [field for fields, _, _ in table for field in fields]
    lost = [field for field in FIELDS if field not in named]
    empty = [fields[0] for fields, owner, text in table if not owner or not text]
    gone = [f"{kind}.{name}" for _, _, text in table for kind in SOURCES
            for name in members(kind, text) if missing(kind, name)]
    for case, wrong in (("every_field_has_an_owner", lost + empty),
                        ("members_exist", gone)):
        print(f"FAIL {case}: {' '.join(wrong)}" if wrong else f"PASS {case}")
    sys.exit(1 if lost or empty or gone else 0)


if __name__ == "__main__":
    main()
