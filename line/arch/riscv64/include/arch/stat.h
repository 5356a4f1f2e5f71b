/* SPDX-License-Identifier: MIT */
/* struct stat of riscv64: the generic one (uapi/asm-generic/stat.h). */
#pragma once

#include <stdint.h>

struct linux_stat_time {
	int64_t seconds;
	uint64_t nanoseconds;
};

struct linux_stat {
	uint64_t device;
	uint64_t inode;
	uint32_t mode;
	uint32_t links;
	uint32_t uid;
	uint32_t gid;
	uint64_t device_type;
	uint64_t pad1;
	int64_t size;
	int32_t block_size;
	int32_t pad2;
	int64_t blocks;
	struct linux_stat_time access;
	struct linux_stat_time modification;
	struct linux_stat_time change;
	uint32_t unused[2];
};

_Static_assert(sizeof(struct linux_stat) == 128, "struct stat");
