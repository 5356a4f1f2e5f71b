/* SPDX-License-Identifier: MIT */
/*
 * A world for unit tests: clients that send messages to Gopher's handlers
 * without a kernel.  Buffers that a client lends are plain memory; they can
 * be declared absent, as a page that was never touched would be.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../call.h"

/* The process id of the one service. */
enum { TUX = 300 };

/* A fresh world: an empty root with /dev, /proc and /tmp, one process. */
void world_start(void);

/* Badge of the process with this id. */
uint64_t client(uint32_t pid);

/* What Factotum says of a process. */
void client_tags(uint32_t pid, uint32_t parent, uint32_t group,
	uint32_t session, uint32_t uid);

/* It ran programs: it and its children are no services any more. */
void client_runs(uint32_t pid);

/* One message and its buffers. */
struct request {
	uint64_t badge;
	uint64_t tag;
	uint32_t label;
	uint64_t words[8];
	unsigned word_count;
	void *lease[4];
	size_t lease_length[4];
	unsigned lease_count;
	unsigned absent; /* so many accesses answer AGAIN first */
	bool cancelled;
	/* the answer */
	bool answered;
	int status;
	uint64_t out[8];
	unsigned out_count;
	uint64_t out_cap;
};

/* Send it; true when it was answered at once. */
bool request_send(struct request *request);

/* Give one turn to those that wait for it; whether any do. */
bool world_turn(void);
/* Let requests that go in turns wait for world_turn. */
void world_by_hand(bool on);

/* Interrupt a parked one, as Factotum's notice does. */
void request_cancel(struct request *request);

/* The clock moves; deadlines that pass ring. */
void world_tick(uint64_t ticks);
/* Whether an alarm is still to come. */
bool world_alarm(void);

/*
 * Short forms: the status, or the first result if that is a success.  They
 * fail the test when the call parks.
 */
int64_t do_open(uint32_t pid, const char *path, uint32_t flags, uint32_t mode);
int64_t do_openat(uint32_t pid, int fd, const char *path, uint32_t flags);
int64_t do_close(uint32_t pid, int64_t fd);
int64_t do_read(uint32_t pid, int64_t fd, void *to, size_t count);
int64_t do_pread(
	uint32_t pid, int64_t fd, void *to, size_t count, int64_t offset);
int64_t do_write(uint32_t pid, int64_t fd, const void *from, size_t count);
int64_t do_pwrite(uint32_t pid, int64_t fd, const void *from, size_t count,
	int64_t offset);
int64_t do_seek(uint32_t pid, int64_t fd, int64_t offset, unsigned whence);
int64_t do_stat(
	uint32_t pid, const char *path, uint32_t flags, struct file_stat *out);
int64_t do_fstat(uint32_t pid, int64_t fd, struct file_stat *out);
int64_t do_make(uint32_t pid, const char *path, uint32_t mode);
int64_t do_unlink(uint32_t pid, const char *path, uint32_t flags);
int64_t do_rename(
	uint32_t pid, const char *from, const char *to, uint32_t flags);
int64_t do_link(uint32_t pid, const char *from, const char *to);
int64_t do_symlink(uint32_t pid, const char *target, const char *path);
int64_t do_readlink(uint32_t pid, const char *path, char *out, size_t size);
int64_t do_chdir(uint32_t pid, const char *path);
int64_t do_getcwd(uint32_t pid, char *out, size_t size);
int64_t do_truncate(uint32_t pid, const char *path, uint64_t length);
int64_t do_dup(uint32_t pid, int64_t fd, unsigned kind, unsigned number,
	uint32_t flags);
int64_t do_pipe(uint32_t pid, uint32_t flags, int64_t fds[2]);
int64_t do_fcntl(uint32_t pid, int64_t fd, uint32_t command, uint64_t arg);
int64_t do_simple(uint32_t pid, uint32_t label, unsigned count, uint64_t a,
	uint64_t b, uint64_t c);

/* A read or write that may park. */
struct request make_read(uint32_t pid, int64_t fd, void *to, size_t count);
struct request make_write(
	uint32_t pid, int64_t fd, const void *from, size_t count);

/* Rings of the console as the driver sees them. */
void console_type(const char *text);
size_t console_output(char *out, size_t size);

/* The pages that files and pipes hold. */
uint64_t world_pages(void);
