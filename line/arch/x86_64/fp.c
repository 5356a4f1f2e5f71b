/* SPDX-License-Identifier: MIT */
/*
 * x87 and vector state in signal frames: an FXSAVE area, and where the
 * processor has XSAVE the standard form of its area with Linux's marks
 * (uapi/asm/sigcontext.h, struct _fpx_sw_bytes). Whatever reads it copes with
 * what a program made of it: without the marks only the FXSAVE part counts.
 */
#include <arch/fp.h>

#include <cpuid.h>

#include "errno.h"
#include "memory.h"
#include "user.h"

/* entry.S, as the functions of user.h */
int64_t user_xsave(uint64_t to, uint64_t parts);
int64_t user_xrstor(uint64_t from, uint64_t parts);
int64_t user_fxsave(uint64_t to);
int64_t user_fxrstor(uint64_t from);

enum {
	FXSAVE_BYTES = 512,
	HEADER_BYTES = 64,
	MARKS_OFFSET = 464,
	MAGIC2_BYTES = 4,
};

#define MAGIC1 UINT32_C(0x46505853)
#define MAGIC2 UINT32_C(0x46505845)

/* x87, SSE; what Linux always restores. */
#define PARTS_LEGACY UINT64_C(3)
/* With AVX and AVX-512. Bounds, protection keys and tiles are not offered. */
#define PARTS_KNOWN UINT64_C(0xe7)
#define PARTS 64

#define CPUID_XSAVE 0xd

struct marks {
	uint32_t magic1;
	uint32_t extended_size; /* with magic2 */
	uint64_t parts;
	uint32_t size;
	uint32_t zero[7];
};

_Static_assert(sizeof(struct marks) == 48, "struct _fpx_sw_bytes");
_Static_assert(
	MARKS_OFFSET + sizeof(struct marks) == FXSAVE_BYTES, "end of fxsave");

/* The initial state, as an area of either form. */
static const struct {
	uint16_t control;
	uint16_t zero[11];
	uint32_t mxcsr;
	uint32_t more[(FXSAVE_BYTES + HEADER_BYTES - 28) / 4];
} initial __attribute__((aligned(FP_ALIGN))) = {
	.control = 0x37f,
	.mxcsr = 0x1f80,
};

_Static_assert(sizeof(initial) == FXSAVE_BYTES + HEADER_BYTES, "XSAVE area");

static uint64_t
enabled_parts(void)
{
	uint32_t low, high;

	__asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return (uint64_t)high << 32 | low;
}

void
fp_measure(struct line_process *process)
{
	uint32_t a, b, c, d;

	process->fp_parts = 0;
	process->fp_bytes = FXSAVE_BYTES;
	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE))
		return;
	process->fp_parts = enabled_parts() & PARTS_KNOWN;
	process->fp_bytes = FXSAVE_BYTES + HEADER_BYTES;
	for (uint32_t part = 2; part < PARTS; part++) {
		if (!(process->fp_parts >> part & 1))
			continue;
		__cpuid_count(CPUID_XSAVE, part, a, b, c, d);
		if (process->fp_bytes < a + b)
			process->fp_bytes = a + b;
	}
}

uint64_t
fp_frame_bytes(const struct line_process *process)
{
	return process->fp_bytes + (process->fp_parts ? MAGIC2_BYTES : 0);
}

/* The legacy parts count as present, even if they are as at the start. */
static int64_t
save_marks(const struct line_process *process, uint64_t to)
{
	const struct marks marks = {
		.magic1 = MAGIC1,
		.extended_size = process->fp_bytes + MAGIC2_BYTES,
		.parts = process->fp_parts,
		.size = process->fp_bytes,
	};
	const uint32_t magic2 = MAGIC2;
	uint64_t present;

	if (user_read(&present, to + FXSAVE_BYTES, sizeof(present)) < 0)
		return -EFAULT;
	present |= PARTS_LEGACY;
	if (user_write(to + FXSAVE_BYTES, &present, sizeof(present)) < 0 ||
		user_write(to + MARKS_OFFSET, &marks, sizeof(marks)) < 0)
		return -EFAULT;
	return user_write(to + process->fp_bytes, &magic2, sizeof(magic2));
}

int64_t
fp_save(const struct line_process *process, uint64_t to)
{
	if (!process->fp_parts)
		return user_fxsave(to);
	if (user_clear(to + FXSAVE_BYTES, HEADER_BYTES) < 0 ||
		user_xsave(to, process->fp_parts) < 0)
		return -EFAULT;
	return save_marks(process, to);
}

/* Which parts the marks promise; 0: there are none. */
static int64_t
read_marks(const struct line_process *process, uint64_t from, uint64_t *parts)
{
	struct marks marks;
	uint32_t magic2;

	*parts = 0;
	if (user_read(&marks, from + MARKS_OFFSET, sizeof(marks)) < 0)
		return -EFAULT;
	if (marks.magic1 != MAGIC1 ||
		marks.size < FXSAVE_BYTES + HEADER_BYTES ||
		marks.size > process->fp_bytes ||
		marks.size > marks.extended_size)
		return 0;
	if (user_read(&magic2, from + marks.size, sizeof(magic2)) < 0)
		return -EFAULT;
	if (magic2 == MAGIC2)
		*parts = marks.parts & process->fp_parts;
	return 0;
}

int64_t
fp_load(const struct line_process *process, uint64_t from)
{
	uint64_t parts;

	if (!process->fp_parts)
		return user_fxrstor(from);
	if (read_marks(process, from, &parts) < 0)
		return -EFAULT;
	/* What the frame does not have is as at the start. */
	fp_reset(process);
	return parts ? user_xrstor(from, parts) : user_fxrstor(from);
}

void
fp_reset(const struct line_process *process)
{
	if (process->fp_parts)
		user_xrstor((uintptr_t)&initial, process->fp_parts);
	else
		user_fxrstor((uintptr_t)&initial);
}
