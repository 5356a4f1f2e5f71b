/* SPDX-License-Identifier: MIT */
/*
 * What is about the processor: arch_prctl, what programs ask for in the
 * auxiliary vector, and how the old calls look in traces.
 */
#include <arch/bases.h>
#include <arch/fp.h>

#include <cpuid.h>

#include "call_old.h"
#include "exec.h"
#include "linux.h"
#include "strace.h"
#include "user.h"

/* A page by itself behind the window (entry.S). */
extern const char line_vdso[];

/* The bases are the program's own registers; nobody needs to know. */
static int64_t
base_set(void (*set)(uint64_t), uint64_t base)
{
	if (base >= USER_END - PAGE_BYTES)
		return -EPERM;
	set(base);
	return 0;
}

int64_t
sys_arch_prctl(struct line_thread *thread, const uint64_t *args)
{
	enum {
		SET_GS = 0x1001,
		SET_FS = 0x1002,
		GET_FS = 0x1003,
		GET_GS = 0x1004,
		GET_CPUID = 0x1011,
		SET_CPUID = 0x1012,
	};
	uint64_t base;

	(void)thread;
	switch ((uint32_t)args[0]) {
	case SET_GS:
		return base_set(gs_base_set, args[1]);
	case SET_FS:
		return base_set(fs_base_set, args[1]);
	case GET_FS:
		base = fs_base_get();
		return user_write(args[1], &base, sizeof(base));
	case GET_GS:
		base = gs_base_get();
		return user_write(args[1], &base, sizeof(base));
	case GET_CPUID: /* the instruction works */
		return 1;
	case SET_CPUID: /* and cannot be taken away */
		return -ENODEV;
	}
	return -EINVAL;
}

/* The bytes of the largest signal frame, alignment included. */
static uint64_t
frame_most(const struct line_process *process)
{
	enum { FIXED = 440 + 8 + 16 };

	return (FIXED + FP_ALIGN + fp_frame_bytes(process)) & ~UINT64_C(15);
}

unsigned
auxiliary_add(const struct line_process *process, uint64_t pairs[][2])
{
	enum {
		AT_PLATFORM = 15,
		AT_HWCAP = 16,
		AT_HWCAP2 = 26,
		AT_SYSINFO_EHDR = 33,
		AT_MINSIGSTKSZ = 51,
	};
	enum { HWCAP2_FSGSBASE = 2 };
	uint32_t a, b, c, d;
	const uint64_t own[AUXILIARY_ARCH][2] = {
		{AT_SYSINFO_EHDR, (uintptr_t)line_vdso},
		{AT_MINSIGSTKSZ, frame_most(process)},
		{AT_HWCAP, __get_cpuid(1, &a, &b, &c, &d) ? d : 0},
		{AT_HWCAP2, HWCAP2_FSGSBASE},
		{AT_PLATFORM, (uintptr_t)ARCH_MACHINE},
	};

	for (unsigned i = 0; i < AUXILIARY_ARCH; i++) {
		pairs[i][0] = own[i][0];
		pairs[i][1] = own[i][1];
	}
	return AUXILIARY_ARCH;
}

const struct strace_form strace_forms_arch[] = {
	{sys_open, "sxo"},
	{sys_creat, "so"},
	{sys_stat, "sx"},
	{sys_lstat, "sx"},
	{sys_access, "so"},
	{sys_unlink, "s"},
	{sys_rmdir, "s"},
	{sys_mkdir, "so"},
	{sys_mknod, "sox"},
	{sys_rename, "ss"},
	{sys_renameat, "fsfs"},
	{sys_link, "ss"},
	{sys_symlink, "ss"},
	{sys_readlink, "sxd"},
	{sys_chmod, "so"},
	{sys_chown, "sdd"},
	{sys_lchown, "sdd"},
	{sys_utime, "sx"},
	{sys_utimes, "sx"},
	{sys_futimesat, "fsx"},
	{sys_arch_prctl, "xx"},
	{NULL, ""},
};
