/* SPDX-License-Identifier: MIT */
/*
 * What is known of a file, as Gopher tells it (docs/contract.md, section 6);
 * the Linux shim makes struct stat and struct statx of it.
 */
#pragma once

#include <stdint.h>

struct file_time {
	int64_t seconds;
	uint32_t nanoseconds;
	uint32_t zero;
};

struct file_stat {
	uint64_t device;
	uint64_t inode;
	uint32_t mode;
	uint32_t links;
	uint32_t uid;
	uint32_t gid;
	uint64_t device_type;
	uint64_t size; /* bytes */
	uint64_t block_size;
	uint64_t blocks; /* 512 bytes each */
	struct file_time access;
	struct file_time modification;
	struct file_time change;
	struct file_time birth;
};

_Static_assert(sizeof(struct file_stat) == 128, "contract, section 6");
