/* SPDX-License-Identifier: MIT */
/*
 * The address space. Factotum owns it; here Linux's flags are translated, and
 * ranges that reach into the shim's part are refused.
 */
#include <glenda/factotum_client.h>
#include <glenda/gopher_client.h>

#include "calls.h"
#include "file_call.h"
#include "linux.h"

/* Linux's flags of mmap (asm-generic). */
enum {
	MAP_SHARED = 0x01,
	MAP_PRIVATE = 0x02,
	MAP_SHARED_VALIDATE = 0x03,
	MAP_TYPE = 0x0f,
	MAP_FIXED = 0x10,
	MAP_ANONYMOUS = 0x20,
	MAP_DENYWRITE = 0x0800,
	MAP_EXECUTABLE = 0x1000,
	MAP_LOCKED = 0x2000,
	MAP_NORESERVE = 0x4000,
	MAP_POPULATE = 0x8000,
	MAP_NONBLOCK = 0x10000,
	MAP_STACK = 0x20000,
	MAP_FIXED_NOREPLACE = 0x100000,
};

#define MAP_KNOWN                                                            \
	(MAP_TYPE | MAP_FIXED | MAP_ANONYMOUS | MAP_DENYWRITE |              \
		MAP_EXECUTABLE | MAP_LOCKED | MAP_NORESERVE | MAP_POPULATE | \
		MAP_NONBLOCK | MAP_STACK | MAP_FIXED_NOREPLACE)

#define PROT_ALL (FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE | FACTOTUM_PROT_EXEC)

#define ADVICE_NORMAL 0

/*
 * Threads map files at the same time, and none may take another's object: a
 * slot for each of the first kits.
 */
#define OBJECT_SLOTS 16
#define OBJECT_SLOT_FIRST 16

static cptr_t
object_slot(const struct line_thread *thread)
{
	uint64_t kit = ((uintptr_t)thread - LINE_KITS) / LINE_KIT_BYTES;

	return OBJECT_SLOT_FIRST + kit % OBJECT_SLOTS;
}

static bool
in_program(uint64_t address, uint64_t length)
{
	return length <= LINE_PROGRAM_END &&
		address <= LINE_PROGRAM_END - length;
}

static bool
page_aligned(uint64_t value)
{
	return value % PAGE_BYTES == 0;
}

int64_t
sys_brk(struct line_thread *thread, const uint64_t *args)
{
	struct line_process *process = thread->process;
	uint64_t wanted = args[0];
	uint64_t end;

	/* The known break may be another thread's old news: look and repeat. */
	if (wanted < process->brk_start || !in_program(wanted, 0))
		wanted = process->brk;
	if (factotum_sbrk(
		    CAP_FACTOTUM, (int64_t)(wanted - process->brk), &end) < 0 &&
		factotum_sbrk(CAP_FACTOTUM, 0, &end) < 0)
		return (int64_t)process->brk;
	process->brk = end;
	return (int64_t)end;
}

static uint32_t
map_flags(uint64_t flags)
{
	uint32_t out = (flags & MAP_TYPE) == MAP_PRIVATE ? FACTOTUM_MAP_PRIVATE
							 : FACTOTUM_MAP_SHARED;

	if (flags & MAP_FIXED_NOREPLACE)
		out |= FACTOTUM_MAP_NOREPLACE;
	else if (flags & MAP_FIXED)
		out |= FACTOTUM_MAP_FIXED;
	if (flags & MAP_ANONYMOUS)
		out |= FACTOTUM_MAP_ANONYMOUS;
	if (flags & MAP_NORESERVE)
		out |= FACTOTUM_MAP_NORESERVE;
	if (flags & (MAP_POPULATE | MAP_LOCKED))
		out |= FACTOTUM_MAP_POPULATE;
	return out;
}

static int64_t
map_check(const uint64_t *args)
{
	uint64_t flags = args[3];
	uint64_t type = flags & MAP_TYPE;

	if (args[1] == 0 || !page_aligned(args[5]) ||
		args[2] & ~(uint64_t)PROT_ALL || type == 0 ||
		type > MAP_SHARED_VALIDATE)
		return -EINVAL;
	if (flags & ~(uint64_t)MAP_KNOWN)
		return type == MAP_SHARED_VALIDATE ? -EOPNOTSUPP : -EINVAL;
	if (!in_program(0, args[1]))
		return -ENOMEM;
	if (!(flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)))
		return 0;
	if (!page_aligned(args[0]))
		return -EINVAL;
	return in_program(args[0], args[1]) ? 0 : -ENOMEM;
}

/* Have Gopher put the file's memory object into the thread's slot. */
static int64_t
take_object(struct line_thread *thread, const uint64_t *args, uint64_t *offset)
{
	uint32_t prot = (uint32_t)args[2];
	status_t status;

	if ((args[3] & MAP_TYPE) == MAP_PRIVATE)
		prot &= ~(uint32_t)FACTOTUM_PROT_WRITE;
	line_drop_cap(object_slot(thread));
	status = gopher_object(CAP_GOPHER, fd_word(args[4]), prot, NULL, offset,
		object_slot(thread));
	return status < 0 ? line_errno(status) : 0;
}

int64_t
sys_mmap(struct line_thread *thread, const uint64_t *args)
{
	int64_t result = map_check(args);
	uint64_t offset = 0, address;
	cptr_t object = CAP_NONE;
	status_t status;

	if (result == 0 && !(args[3] & MAP_ANONYMOUS)) {
		object = object_slot(thread);
		result = take_object(thread, args, &offset);
		offset += args[5];
	}
	if (result < 0)
		return result;
	status =
		factotum_mmap(CAP_FACTOTUM, args[0], args[1], (uint32_t)args[2],
			map_flags(args[3]), offset, object, &address);
	return status < 0 ? line_errno(status) : (int64_t)address;
}

int64_t
sys_munmap(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	if (!page_aligned(args[0]) || args[1] == 0 ||
		!in_program(args[0], args[1]))
		return -EINVAL;
	return line_errno(factotum_munmap(CAP_FACTOTUM, args[0], args[1]));
}

int64_t
sys_mprotect(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	if (!page_aligned(args[0]) || args[2] & ~(uint64_t)PROT_ALL)
		return -EINVAL;
	if (args[1] == 0)
		return 0;
	if (!in_program(args[0], args[1]))
		return -ENOMEM;
	return line_errno(factotum_mprotect(
		CAP_FACTOTUM, args[0], args[1], (uint32_t)args[2]));
}

int64_t
sys_mremap(struct line_thread *thread, const uint64_t *args)
{
	enum { MAYMOVE = 1, FIXED = 2 };
	uint64_t flags = args[3];
	uint64_t address;
	status_t status;

	(void)thread;
	if (!page_aligned(args[0]) || args[1] == 0 || args[2] == 0 ||
		flags & ~(uint64_t)(MAYMOVE | FIXED) || flags == FIXED)
		return -EINVAL;
	if (!in_program(args[0], args[1]))
		return -EFAULT;
	if (!in_program(0, args[2]))
		return -ENOMEM;
	if (flags & FIXED &&
		(!page_aligned(args[4]) || !in_program(args[4], args[2])))
		return -EINVAL;
	status = factotum_mremap(CAP_FACTOTUM, args[0], args[1], args[2],
		(uint32_t)flags, flags & FIXED ? args[4] : 0, &address);
	if (status == STATUS_NOT_MAPPED)
		return -EFAULT;
	return status < 0 ? line_errno(status) : (int64_t)address;
}

static int64_t
advise(uint64_t address, uint64_t length, uint32_t advice)
{
	if (!page_aligned(address))
		return -EINVAL;
	if (!in_program(address, length))
		return -ENOMEM;
	return line_errno(
		factotum_advise(CAP_FACTOTUM, address, length, advice));
}

int64_t
sys_madvise(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	return advise(args[0], args[1], (uint32_t)args[2]);
}

/* Maps and files share their pages, so there is nothing to carry over. */
int64_t
sys_msync(struct line_thread *thread, const uint64_t *args)
{
	enum { ASYNC = 1, INVALIDATE = 2, SYNC = 4 };
	uint64_t flags = args[2];

	(void)thread;
	if (flags & ~(uint64_t)(ASYNC | INVALIDATE | SYNC) ||
		(flags & ASYNC && flags & SYNC))
		return -EINVAL;
	return advise(args[0], args[1], ADVICE_NORMAL);
}

/* Nothing is ever taken away again: what is locked has to be there once. */
static int64_t
lock(uint64_t address, uint64_t length, bool populate)
{
	uint64_t start = address & ~(PAGE_BYTES - 1);
	uint64_t bytes =
		(address - start + length + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
	int64_t result;

	if (length > LINE_PROGRAM_END)
		return -EINVAL;
	result = advise(start, bytes, ADVICE_NORMAL);
	if (result < 0 || !populate || bytes == 0)
		return result;
	if (factotum_populate(CAP_FACTOTUM, start, bytes, false) < 0)
		return -ENOMEM;
	return 0;
}

int64_t
sys_mlock(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	return lock(args[0], args[1], true);
}

int64_t
sys_mlock2(struct line_thread *thread, const uint64_t *args)
{
	enum { ONFAULT = 1 };

	(void)thread;
	if (args[2] & ~(uint64_t)ONFAULT)
		return -EINVAL;
	return lock(args[0], args[1], args[2] == 0);
}

int64_t
sys_munlock(struct line_thread *thread, const uint64_t *args)
{
	(void)thread;
	return lock(args[0], args[1], false);
}
