/* SPDX-License-Identifier: MIT */
/*
 * Process and thread numbers (rows A10, Y1): one space of 16 bits, 0 none, 1
 * 9Ball, 2 Factotum. A number is given out again as late as possible, and
 * not while whoever took it has not given it back.
 */
#pragma once

#include <stdint.h>

struct process;
struct thread;

void ids_init(void);

/* A free number, or 0 when all are taken. */
uint32_t id_take(void);

/* Take this very number (1 and 2). */
void id_take_fixed(uint32_t id);

/* Give it back; what was entered for it is forgotten. */
void id_give(uint32_t id);

unsigned ids_left(void);

/* Who has the number: a process, a thread, or both (a leader). */
void id_enter_process(uint32_t id, struct process *process);
void id_enter_thread(uint32_t id, struct thread *thread);
struct process *id_process(uint32_t id);
struct thread *id_thread(uint32_t id);
