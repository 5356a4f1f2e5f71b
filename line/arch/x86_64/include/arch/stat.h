/* SPDX-License-Identifier: MIT */
/* struct stat of x86_64 (uapi/asm/stat.h). */
#pragma once

#include <stdint.h>

struct linux_stat_time {
	int64_t seconds;
	uint64_t nanoseconds;
};

struct linux_stat {
	uint64_t device;
	uint64_t inode;
	uint64_t links;
	uint32_t mode;
	uint32_t uid;
	uint32_t gid;
	uint32_t pad;
	uint64_t device_type;
	int64_t size;
	int64_t block_size;
	int64_t blocks;
	struct linux_stat_time access;
	struct linux_stat_time modification;
	struct linux_stat_time change;
	int64_t unused[3];
};

_Static_assert(sizeof(struct linux_stat) == 144, "struct stat");
