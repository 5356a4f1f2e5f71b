/* SPDX-License-Identifier: MIT */
/*
 * exec: build, then commit.
 *
 *   open the file -> "#!": its interpreter instead, again from the start
 *        |
 *   check the ELF header, name areas -> PT_INTERP: the same for it
 *        |
 *   stack image in scratch memory (arguments, environment, auxiliary vector)
 *        |
 *   Factotum.exec   <- the commit: before it nothing of the process changed
 *        |
 *   Gopher closes what is close-on-exec; actions, stack, registers are new
 *
 * Scratch memory is an ordinary mapping of the old image: the commit removes
 * it with everything else.
 */
#include "exec.h"

#include <elf.h>
#include <glenda/factotum_client.h>
#include <glenda/file_stat.h>
#include <glenda/gopher_client.h>
#include <glenda/records.h>
#include <glenda/tux_client.h>

#include "entry.h"
#include "frame.h"
#include "kit.h"
#include "linux.h"
#include "memory.h"
#include "signal.h"
#include "user.h"

#define STRING_MAX (32 * PAGE_BYTES)   /* one argument, as Linux has it */
#define STRINGS_MAX UINT64_C(0x1c0000) /* all; the stack lease's limit */
#define STACK_ALIGN UINT64_C(16)
#define SCRIPT_DEPTH 5
#define SCRIPT_LINE 256
#define AREAS_MAX 32
#define STACK_LIMIT_RESOURCE 3 /* RLIMIT_STACK */
#define STACK_LIMIT_MOST UINT64_C(0x40000000)

/* Scratch memory of one exec. */
struct scratch {
	uint8_t header[PAGE_BYTES];
	char path[PAGE_BYTES];			/* of the image, as it is now */
	char script[SCRIPT_DEPTH][SCRIPT_LINE]; /* lines, cut into strings */
	char name[PAGE_BYTES];			/* the command line */
	struct exec_area areas[AREAS_MAX];
	char stack[]; /* capacity bytes */
};

struct image {
	struct elf_image elf;
	uint64_t base;		/* added to every address */
	uint64_t object_offset; /* where the file begins in its object */
	uint64_t size;
	uint32_t fd;
};

struct exec {
	struct line_thread *thread;
	const struct exec_request *request;
	struct scratch *scratch;
	uint64_t scratch_bytes;
	uint64_t capacity; /* of scratch->stack */
	uint64_t argc, envc;
	uint64_t prefix_count; /* strings in front, by "#!" */
	const char *prefix[2 * SCRIPT_DEPTH + 1];
	struct image image, interpreter;
	unsigned area_count;
	uint64_t stack_used; /* bytes at the end of scratch->stack */
	uint64_t reserved;   /* bytes that strings may not take */
	uint64_t stack_pointer;
	uint64_t name;	 /* addresses on the new stack */
	uint64_t random; /* 16 bytes */
};

int64_t
line_attach_self(const struct line_process *process)
{
	return line_errno(factotum_line_attach(CAP_FACTOTUM,
		(uintptr_t)line_window_start, (uintptr_t)line_window_end,
		(uintptr_t)line_upcall, (uintptr_t)line_signal,
		(uintptr_t)line_fixup, (uintptr_t)process));
}

/* Count the strings of a vector and add up their bytes. */
static int64_t
measure(uint64_t vector, uint64_t *count, uint64_t *bytes)
{
	*count = 0;
	if (!vector)
		return 0;
	for (;; (*count)++) {
		uint64_t string;
		int64_t length;

		if (user_read(&string, vector + *count * 8, 8) < 0)
			return -EFAULT;
		if (!string)
			return 0;
		length = user_length(string, STRING_MAX);
		if (length < 0)
			return length;
		if ((uint64_t)length >= STRING_MAX)
			return -E2BIG;
		*bytes += (uint64_t)length + 1 + 2 * sizeof(string);
		if (*bytes > STRINGS_MAX)
			return -E2BIG;
	}
}

static int64_t
make_scratch(struct exec *e)
{
	uint64_t bytes = 0;
	vaddr_t at = 0;
	int64_t error = measure(e->request->argv, &e->argc, &bytes);

	if (error == 0)
		error = measure(e->request->envp, &e->envc, &bytes);
	if (error < 0)
		return error;
	/* Room for paths in front, the auxiliary vector, alignment. */
	e->capacity = bytes + 4 * PAGE_BYTES;
	e->scratch_bytes =
		(sizeof(struct scratch) + e->capacity + PAGE_BYTES - 1) &
		~(PAGE_BYTES - 1);
	error = line_errno(factotum_mmap(CAP_FACTOTUM, 0, e->scratch_bytes,
		FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE,
		FACTOTUM_MAP_PRIVATE | FACTOTUM_MAP_ANONYMOUS |
			FACTOTUM_MAP_POPULATE,
		0, 0, &at));
	if (error < 0)
		return error;
	if (at == 0)
		return -ENOMEM;
	e->scratch = (void *)(uintptr_t)at;
	e->capacity = e->scratch_bytes - sizeof(struct scratch);
	return 0;
}

static int64_t
take_path(struct exec *e)
{
	char *path = e->scratch->path;
	int64_t length = user_length(e->request->path, PAGE_BYTES);

	if (length < 0)
		return length;
	if (length == 0 && !(e->request->flags & AT_EMPTY_PATH))
		return -ENOENT;
	if (length >= (int64_t)PAGE_BYTES)
		return -ENAMETOOLONG;
	return user_read(path, e->request->path, (size_t)length + 1);
}

/* Open an image for reading and check that it may be executed. */
static int64_t
open_image(
	const char *path, uint32_t dirfd, uint32_t flags, struct image *image)
{
	enum { MODE_EXECUTE = 1, TYPE = 0170000, REGULAR = 0100000 };
	struct file_stat stat = {0};
	size_t length = strlen(path);
	uint32_t open_flags = O_RDONLY | O_CLOEXEC;
	status_t status;

	if (length == 0)
		return -ENOENT;
	if (flags & AT_SYMLINK_NOFOLLOW)
		open_flags |= O_NOFOLLOW;
	status = gopher_access(
		CAP_GOPHER, dirfd, MODE_EXECUTE, 0x200, path, length);
	if (status == 0)
		status = gopher_open(CAP_GOPHER, dirfd, open_flags, 0, 0, path,
			length, &image->fd);
	if (status < 0)
		return line_errno(status);
	status = gopher_stat(CAP_GOPHER, image->fd, AT_EMPTY_PATH, NULL, 0,
		&stat, sizeof(stat));
	if (status < 0)
		return line_errno(status);
	return (stat.mode & TYPE) == REGULAR ? 0 : -EACCES;
}

static int64_t
read_header(struct exec *e, struct image *image, size_t *have)
{
	uint8_t *header = e->scratch->header;
	status_t status;

	memset(header, 0, PAGE_BYTES);
	status = gopher_read(CAP_GOPHER, image->fd, 0, PAGE_BYTES, header,
		PAGE_BYTES, 0, NULL, have);
	return line_errno(status);
}

static void
close_image(struct image *image)
{
	if (image->fd != UINT32_MAX)
		gopher_close(CAP_GOPHER, image->fd);
	image->fd = UINT32_MAX;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Cut the word that begins at *at off by a NUL; *at moves behind it. */
static char *
cut_word(char **at)
{
	char *word;

	while (is_blank(**at))
		(*at)++;
	word = *at;
	while (**at && !is_blank(**at))
		(*at)++;
	if (**at)
		*(*at)++ = '\0';
	return word;
}

static void
push_front(struct exec *e, const char *string)
{
	for (uint64_t i = e->prefix_count; i > 0; i--)
		e->prefix[i] = e->prefix[i - 1];
	e->prefix[0] = string;
	e->prefix_count++;
}

/*
 * "#! interpreter [argument]": in front of the arguments come the interpreter,
 * its one argument (the rest of the line), and the script's path.
 */
static int64_t
take_script(struct exec *e, unsigned depth)
{
	char *line = e->scratch->script[depth];
	char *at = line, *end = line;
	char *name;

	memcpy(line, e->scratch->header + 2, SCRIPT_LINE - 1);
	line[SCRIPT_LINE - 1] = '\0';
	while (*end && *end != '\n')
		end++;
	if (end == line + SCRIPT_LINE - 1)
		return -ENOEXEC;
	while (end > line && is_blank(end[-1]))
		end--;
	*end = '\0';
	name = cut_word(&at);
	if (!*name)
		return -ENOEXEC;
	while (is_blank(*at))
		at++;
	if (e->prefix_count == 0)
		push_front(e, e->scratch->path);
	if (*at)
		push_front(e, at);
	push_front(e, name);
	return 0;
}

/* Find the image behind any number of "#!" and leave its header in scratch. */
static int64_t
find_image(struct exec *e, size_t *have)
{
	struct image *image = &e->image;
	int64_t error = open_image(
		e->scratch->path, e->request->dirfd, e->request->flags, image);

	for (unsigned depth = 0; error == 0; depth++) {
		error = read_header(e, image, have);
		if (error < 0 || *have < 2 || e->scratch->header[0] != '#' ||
			e->scratch->header[1] != '!')
			return error;
		if (depth == SCRIPT_DEPTH)
			return -ELOOP;
		error = take_script(e, depth);
		close_image(image);
		if (error == 0)
			error = open_image(
				e->prefix[0], (uint32_t)AT_FDCWD, 0, image);
	}
	return error;
}

static int64_t
check_elf(struct exec *e, struct image *image, size_t have, uint64_t base)
{
	const struct elf_want want = {
		.machine = ARCH_ELF_MACHINE,
		.page_size = PAGE_BYTES,
		.limit = LINE_STACK_TOP,
	};
	cptr_t slot = image == &e->image ? CAP_IMAGE : CAP_INTERPRETER;
	status_t status;

	line_drop_cap(slot);
	status = gopher_object(CAP_GOPHER, image->fd,
		FACTOTUM_PROT_READ | FACTOTUM_PROT_EXEC, &image->size,
		&image->object_offset, slot);
	if (status < 0)
		return line_errno(status);
	if (elf_header_check(e->scratch->header, have, image->size, &want,
		    &image->elf) != ELF_OK)
		return -ENOEXEC;
	image->base = image->elf.relocatable ? base : 0;
	return 0;
}

static int64_t
add_areas(struct exec *e, const struct image *image, uint32_t object)
{
	struct elf_segment segment;
	unsigned cursor = 0;

	while (elf_segment_next(&image->elf, &cursor, &segment) == 1) {
		uint64_t skew = segment.vaddr % PAGE_BYTES;
		uint64_t bytes = skew + segment.memory_bytes;
		struct exec_area *area = &e->scratch->areas[e->area_count];

		if (segment.shares_page || e->area_count == AREAS_MAX)
			return -ENOEXEC;
		e->area_count++;
		area->address = image->base + segment.vaddr - skew;
		area->length = (bytes + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
		area->offset = image->object_offset + segment.offset - skew;
		area->file_length =
			segment.file_bytes ? skew + segment.file_bytes : 0;
		area->prot =
			(segment.flags & ELF_READ ? FACTOTUM_PROT_READ : 0) |
			(segment.flags & ELF_WRITE ? FACTOTUM_PROT_WRITE : 0) |
			(segment.flags & ELF_EXEC ? FACTOTUM_PROT_EXEC : 0);
		area->flags = FACTOTUM_MAP_PRIVATE;
		area->object = object;
	}
	return 0;
}

static int64_t
load_interpreter(struct exec *e)
{
	const char *path;
	size_t have = 0;
	int64_t error;

	if (!e->image.elf.has_interp)
		return 0;
	if (elf_interp_get(&e->image.elf, &path) != ELF_OK)
		return -ENOEXEC;
	error = open_image(path, (uint32_t)AT_FDCWD, 0, &e->interpreter);
	/* The image's header, path included, gives way to the interpreter's. */
	if (error == 0)
		error = read_header(e, &e->interpreter, &have);
	if (error == 0)
		error = check_elf(e, &e->interpreter, have, INTERPRETER_BASE);
	if (error == 0)
		error = add_areas(e, &e->interpreter, EXEC_OBJECT_INTERPRETER);
	return error;
}

/*
 * The stack image, from its end downwards: strings, then the auxiliary vector
 * and the pointers (System V ABI, AMD64 supplement 3.4.1; the same on riscv64).
 */

/* Space for `bytes` more below what is used; NULL when there is none. */
static char *
stack_push(struct exec *e, uint64_t bytes, uint64_t *address)
{
	if (bytes + e->reserved > e->capacity - e->stack_used)
		return NULL;
	e->stack_used += bytes;
	*address = LINE_STACK_TOP - e->stack_used;
	return e->scratch->stack + e->capacity - e->stack_used;
}

static int64_t
push_own_string(struct exec *e, const char *string, uint64_t *address)
{
	size_t length = strlen(string) + 1;
	char *to = stack_push(e, length, address);

	if (!to)
		return -E2BIG;
	memcpy(to, string, length);
	return 0;
}

static int64_t
push_user_string(struct exec *e, uint64_t string, uint64_t *address)
{
	int64_t length = user_length(string, STRING_MAX);
	char *to;

	if (length < 0)
		return length;
	to = stack_push(e, (uint64_t)length + 1, address);
	if (!to)
		return -E2BIG;
	if (user_read(to, string, (size_t)length) < 0)
		return -EFAULT;
	to[length] = '\0';
	return 0;
}

/* Addresses of pushed strings go to `table`, which ends with 0. */
static int64_t
push_vector(struct exec *e, uint64_t vector, uint64_t skip, uint64_t count,
	uint64_t *table)
{
	for (uint64_t i = skip; i < count; i++) {
		uint64_t string;
		int64_t error;

		if (user_read(&string, vector + i * 8, 8) < 0)
			return -EFAULT;
		error = push_user_string(e, string, table++);
		if (error < 0)
			return error;
	}
	*table = 0;
	return 0;
}

static int64_t
random_bytes(uint64_t out[2])
{
	return line_errno(gopher_random(CAP_GOPHER, out, 2 * sizeof(*out)));
}

enum auxiliary {
	AT_NULL = 0,
	AT_PHDR = 3,
	AT_PHENT = 4,
	AT_PHNUM = 5,
	AT_PAGESZ = 6,
	AT_BASE = 7,
	AT_FLAGS = 8,
	AT_ENTRY = 9,
	AT_UID = 11,
	AT_EUID = 12,
	AT_GID = 13,
	AT_EGID = 14,
	AT_CLKTCK = 17,
	AT_SECURE = 23,
	AT_RANDOM = 25,
	AT_EXECFN = 31,
};

#define AUXILIARY_PAIRS 16 /* and those of the architecture */

/* The number of pairs. */
static unsigned
fill_auxiliary(const struct exec *e, uint64_t pairs[][2], const uint32_t *ids)
{
	const struct image *image = &e->image;
	const uint64_t common[AUXILIARY_PAIRS][2] = {
		{AT_PAGESZ, PAGE_BYTES},
		{AT_CLKTCK, 100},
		{AT_PHDR, image->elf.header_vaddr + image->base},
		{AT_PHENT, image->elf.header_bytes},
		{AT_PHNUM, image->elf.header_count},
		{AT_BASE, e->interpreter.base},
		{AT_FLAGS, 0},
		{AT_ENTRY, image->elf.entry + image->base},
		{AT_UID, ids[0]},
		{AT_EUID, ids[1]},
		{AT_GID, ids[2]},
		{AT_EGID, ids[3]},
		{AT_SECURE, 0},
		{AT_RANDOM, e->random},
		{AT_EXECFN, e->name},
		{AT_NULL, 0},
	};
	unsigned count = auxiliary_add(e->thread->process, pairs);

	memcpy(pairs + count, common, sizeof(common));
	return count + AUXILIARY_PAIRS;
}

static int64_t
build_stack(struct exec *e)
{
	const struct exec_request *r = e->request;
	bool replaced = e->prefix_count > 0;
	uint64_t argc = e->prefix_count + e->argc - (replaced && e->argc > 0);
	uint64_t auxiliary[AUXILIARY_PAIRS + AUXILIARY_ARCH][2];
	uint64_t pairs, table_bytes, at, bytes[2];
	uint32_t ids[4] = {0};
	uint64_t *table;
	int64_t error;

	if (!stack_push(e, 8, &at))
		return -E2BIG;
	error = push_own_string(e, e->scratch->path, &e->name);
	if (error == 0)
		error = random_bytes(bytes);
	if (error == 0 && !stack_push(e, 16, &e->random))
		error = -E2BIG;
	if (error < 0)
		return error;
	memcpy(e->scratch->stack + e->capacity - e->stack_used, bytes, 16);
	tux_getids(CAP_TUX, &ids[0], &ids[1], NULL, &ids[2], &ids[3], NULL);
	pairs = fill_auxiliary(e, auxiliary, ids);
	table_bytes = (1 + argc + 1 + e->envc + 1 + 2 * pairs) * 8;
	/*
	 * The pointers are written at the low end, then copied to their place
	 * below the strings.
	 */
	e->reserved = 2 * table_bytes + STACK_ALIGN;
	if (e->reserved > e->capacity - e->stack_used)
		return -E2BIG;
	table = (uint64_t *)(void *)e->scratch->stack;
	table[0] = argc;
	for (uint64_t i = 0; i < e->prefix_count && error == 0; i++)
		error = push_own_string(e, e->prefix[i], &table[1 + i]);
	if (error == 0)
		error = push_vector(e, r->argv, replaced && e->argc > 0,
			e->argc, &table[1 + e->prefix_count]);
	if (error == 0)
		error = push_vector(e, r->envp, 0, e->envc, &table[argc + 2]);
	if (error < 0)
		return error;
	memcpy(&table[argc + 2 + e->envc + 1], auxiliary, pairs * 16);
	e->stack_used = (e->stack_used + table_bytes + STACK_ALIGN - 1) &
		~(STACK_ALIGN - 1);
	e->stack_pointer = LINE_STACK_TOP - e->stack_used;
	memcpy(e->scratch->stack + e->capacity - e->stack_used, table,
		table_bytes);
	return 0;
}

/* The command line for /proc: the arguments as they lie on the stack. */
static size_t
command_line(const struct exec *e, const char **text)
{
	const char *stack = e->scratch->stack + e->capacity - e->stack_used;
	const uint64_t *table = (const void *)stack;
	size_t length = 0;

	*text = e->scratch->name;
	for (uint64_t i = 1; i <= table[0]; i++) {
		const char *argument = stack + (table[i] - e->stack_pointer);
		size_t bytes = strlen(argument) + 1;

		if (length + bytes > PAGE_BYTES)
			break;
		memcpy(e->scratch->name + length, argument, bytes);
		length += bytes;
	}
	return length;
}

/* What /proc calls the process: the last part of the path, cut. */
static void
process_name(const struct exec *e, uint64_t words[2])
{
	enum { NAME_MOST = 15 };
	const char *base = e->scratch->path;
	size_t length = 0;

	for (const char *c = base; *c; c++)
		if (*c == '/')
			base = c + 1;
	while (length < NAME_MOST && base[length])
		length++;
	words[0] = words[1] = 0;
	memcpy(words, base, length);
}

static uint64_t
stack_limit(void)
{
	uint64_t soft = 0, hard = 0;

	factotum_get_limit(CAP_FACTOTUM, STACK_LIMIT_RESOURCE, &soft, &hard);
	return soft && soft < STACK_LIMIT_MOST ? soft : STACK_LIMIT_MOST;
}

static int64_t
commit(struct exec *e)
{
	const struct image *image = &e->image;
	uint64_t brk = image->base + image->elf.end;
	uint64_t name[2];
	const char *command;
	size_t command_length = command_line(e, &command);
	struct line_process *process = e->thread->process;
	status_t status;

	process_name(e, name);
	status = factotum_exec(CAP_FACTOTUM, brk, LINE_STACK_TOP, stack_limit(),
		name[0], name[1], e->scratch->areas,
		e->area_count * sizeof(struct exec_area),
		e->scratch->stack + e->capacity - e->stack_used, e->stack_used,
		command, command_length, CAP_IMAGE,
		e->interpreter.fd != UINT32_MAX ? CAP_INTERPRETER : 0);
	if (status < 0)
		return line_errno(status);
	/* commit: cannot fail; scratch memory is gone */
	process->brk_start = brk;
	process->brk = brk;
	return 0;
}

/*
 * The process page of a vfork child, which lay beside its kit while it was in
 * its parent's space, goes to where every process has it. Without memory for
 * that nothing of the program can run any more.
 */
static void
settle_process(struct line_thread *thread)
{
	enum { MAYMOVE = 1, FIXED = 2 };
	uint64_t at = (uintptr_t)thread->process;

	if (at == LINE_PROCESS)
		return;
	if (factotum_mremap(CAP_FACTOTUM, at, PAGE_BYTES, PAGE_BYTES,
		    MAYMOVE | FIXED, LINE_PROCESS, NULL) == STATUS_OK) {
		thread->process = (void *)(uintptr_t)LINE_PROCESS;
		if (line_attach_self(thread->process) == 0)
			return;
	}
	factotum_exit(CAP_FACTOTUM, SIGKILL);
	line_crash(0);
}

static void
begin_image(struct exec *e)
{
	struct line_thread *thread = e->thread;
	const struct image *first =
		e->interpreter.fd != UINT32_MAX ? &e->interpreter : &e->image;

	settle_process(thread);
	gopher_exec(CAP_GOPHER, e->image.fd);
	tux_exec(CAP_TUX, 0, 0, 0);
	signal_actions_reset(thread->process);
	kit_only(thread);
	thread->stack_pointer = 0;
	thread->stack_size = 0;
	thread->clear_child_tid = 0;
	thread->tid = thread->pid;
	registers_begin(
		thread, first->elf.entry + first->base, e->stack_pointer);
	thread->full_restore = true;
}

static int64_t
build(struct exec *e)
{
	size_t have = 0;
	int64_t error = take_path(e);

	if (error == 0)
		error = find_image(e, &have);
	if (error == 0)
		error = check_elf(e, &e->image, have, LINE_PIE_BASE);
	if (error == 0)
		error = add_areas(e, &e->image, EXEC_OBJECT_IMAGE);
	if (error == 0)
		error = load_interpreter(e);
	if (error == 0)
		error = build_stack(e);
	return error == 0 ? commit(e) : error;
}

int64_t
line_exec(struct line_thread *thread, const struct exec_request *request)
{
	struct exec e = {
		.thread = thread,
		.request = request,
		.image.fd = UINT32_MAX,
		.interpreter.fd = UINT32_MAX,
	};
	int64_t error = make_scratch(&e);

	if (error < 0)
		return error;
	error = build(&e);
	if (error < 0) {
		close_image(&e.image);
		close_image(&e.interpreter);
		factotum_munmap(
			CAP_FACTOTUM, (uintptr_t)e.scratch, e.scratch_bytes);
		return error;
	}
	begin_image(&e);
	return 0;
}
