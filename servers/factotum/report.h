/* SPDX-License-Identifier: MIT */
/*
 * What the log says about a process that died of a fault (row F6).
 */
#pragma once

#include "process.h"

struct fault_report {
	uint32_t label; /* FAULT_ of the kernel */
	vaddr_t address;
	vaddr_t pc;
	unsigned access; /* 1 read, 2 write, 4 execute */
	uint64_t cause;
	vaddr_t sp;
};

/* Names of the kinds of faults and accesses. */
const char *report_kind(uint32_t label);
const char *report_access(unsigned access);

/* Kind, address, registers and a backtrace with symbols, to the log. */
void report_fault(struct thread *thread, const struct fault_report *fault);
