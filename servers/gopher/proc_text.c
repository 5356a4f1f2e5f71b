/* SPDX-License-Identifier: MIT */
/* What the files of /proc say, in the words of Linux. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glenda/factotum.h>
#include <glenda/records.h>

#include "pages.h"
#include "proc.h"
#include "session.h"
#include "snapshot.h"
#include "system.h"
#include "terminal.h"

enum {
	USER_HZ = 100,
	NICE_ZERO = 100, /* priority of Factotum for nice 0 */
	CONSOLE_NUMBER = 5 << 8 | 1,
	KIB = 1024,
};

static const char release[] = "6.12.0-glenda";
static const char host[] = "glenda";

void
text_add_bytes(struct text *text, const void *bytes, size_t length)
{
	size_t room = text->room ? text->room : 512;
	char *wider;

	while (room < text->length + length)
		room *= 2;
	if (room != text->room) {
		wider = realloc(text->bytes, room);
		if (!wider) {
			text->failed = true;
			return;
		}
		text->bytes = wider;
		text->room = room;
	}
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
}

void
text_add(struct text *text, const char *format, ...)
{
	char line[512];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	if (length >= (int)sizeof(line))
		length = sizeof(line) - 1;
	if (length > 0)
		text_add_bytes(text, line, (size_t)length);
}

typedef unsigned long long number_t;

static number_t
hertz(uint64_t ticks)
{
	uint64_t frequency = system_frequency();

	return ticks / frequency * USER_HZ +
		ticks % frequency * USER_HZ / frequency;
}

static void
meminfo(struct text *out)
{
	struct system_figures figures = {0};
	number_t files = pages_used() * PAGE_BYTES / KIB;

	(void)system_figures(&figures);
	text_add(out, "MemTotal:       %8llu kB\n",
		(number_t)figures.total / KIB);
	text_add(out, "MemFree:        %8llu kB\n",
		(number_t)figures.free / KIB);
	text_add(out, "MemAvailable:   %8llu kB\n",
		(number_t)figures.free / KIB);
	text_add(out, "Buffers:        %8u kB\n", 0);
	text_add(out, "Cached:         %8llu kB\n", files);
	text_add(out, "SwapCached:     %8u kB\n", 0);
	text_add(out, "Active:         %8u kB\n", 0);
	text_add(out, "Inactive:       %8u kB\n", 0);
	text_add(out, "SwapTotal:      %8u kB\n", 0);
	text_add(out, "SwapFree:       %8u kB\n", 0);
	text_add(out, "Shmem:          %8llu kB\n", files);
	text_add(out, "Slab:           %8u kB\n", 0);
	text_add(out, "SReclaimable:   %8u kB\n", 0);
	/* Ours, at the end, where no reader of Linux's lines looks. */
	text_add(out, "FreeSlots:      %8llu\n", (number_t)figures.free_slots);
	text_add(out, "FreePids:       %8u\n", (unsigned)figures.free_pids);
}

static void
system_stat(struct text *out)
{
	const struct ps_header *header = snapshot_get();
	struct system_figures figures = {0};
	uint64_t user = 0, kernel = 0;
	unsigned running = 0;
	uint32_t i;

	(void)system_figures(&figures);
	for (i = 0; header && i < header->process_count; i++) {
		const struct ps_process *process = snapshot_at(header, i);

		user += process->user;
		kernel += process->system;
		running += snapshot_state(header, process) == 'R';
	}
	text_add(out, "cpu  %llu 0 %llu %llu 0 0 0 0 0 0\n", hertz(user),
		hertz(kernel), hertz(figures.idle));
	text_add(out, "cpu0 %llu 0 %llu %llu 0 0 0 0 0 0\n", hertz(user),
		hertz(kernel), hertz(figures.idle));
	text_add(out, "intr 0\nctxt 0\nbtime %lld\n",
		(long long)(system_realtime() / 1000000000 -
			(int64_t)(system_ticks() / system_frequency())));
	text_add(out, "processes %u\nprocs_running %u\nprocs_blocked 0\n",
		header ? (unsigned)header->process_count : 0, running);
}

static void
uptime(struct text *out)
{
	struct system_figures figures = {0};
	number_t up = hertz(system_ticks()), idle;

	(void)system_figures(&figures);
	idle = hertz(figures.idle);
	text_add(out, "%llu.%02llu %llu.%02llu\n", up / USER_HZ, up % USER_HZ,
		idle / USER_HZ, idle % USER_HZ);
}

static void
loadavg(struct text *out, struct session *asking)
{
	const struct ps_header *header = snapshot_get();
	unsigned running = 0;
	uint32_t i;

	for (i = 0; header && i < header->process_count; i++)
		running +=
			snapshot_state(header, snapshot_at(header, i)) == 'R';
	text_add(out, "0.00 0.00 0.00 %u/%u %u\n", running,
		header ? (unsigned)header->process_count : 0,
		(unsigned)badge_pid(asking->badge));
}

/* One line of /proc/PID/mounts, or of mountinfo, which numbers them. */
static void
mount_line(struct text *out, bool numbered, uint32_t number,
	const struct mount *mount, const char *path)
{
	static const char *const kinds[] = {
		[MOUNT_TMPFS] = "tmpfs",
		[MOUNT_PROC] = "proc",
		[MOUNT_BIND] = "tmpfs",
	};
	const char *kind = kinds[mount->kind];
	struct file_stat stat;

	if (!numbered) {
		text_add(out, "%s %s %s rw 0 0\n", kind, path, kind);
		return;
	}
	node_stat(mount->root, &stat);
	text_add(out, "%u 1 %u:%u / %s rw - %s %s rw\n", number + 1,
		(unsigned)(stat.device >> 8 & 0xfff),
		(unsigned)(stat.device & 0xff), path, kind, kind);
}

static void
mounts(struct text *out, struct session *session, bool numbered)
{
	static char path[PATH_BYTES];
	struct namespace *namespace = session->namespace;
	uint32_t i;

	for (i = 0; i < namespace->count; i++) {
		struct mount *mount = namespace->mounts[i];
		struct place place = {mount, mount->root};
		int length = place_path(
			place, session->folders->root, path, sizeof(path) - 1);

		if (length < 0)
			continue;
		path[length] = '\0';
		mount_line(out, numbered, i, mount, path);
	}
}

static unsigned
terminal_number(const struct ps_process *process, int *foreground)
{
	uint32_t session, group;

	terminal_owner(&session, &group);
	*foreground = -1;
	if (session == 0 || process->session != session)
		return 0;
	*foreground = (int)group;
	return CONSOLE_NUMBER;
}

static int
nice_of(const struct ps_process *process)
{
	return NICE_ZERO - (int)process->priority;
}

/* Who asks is running, though it waits for our answer. */
static char
state_of(const struct ps_header *header, const struct ps_process *p,
	const struct session *asking)
{
	if (badge_pid(asking->badge) == p->pid)
		return 'R';
	return snapshot_state(header, p);
}

static void
process_stat(struct text *out, const struct ps_header *header,
	const struct ps_process *p, char state)
{
	int foreground;
	unsigned terminal = terminal_number(p, &foreground);

	text_add(out, "%u (%.15s) %c %u %u %u %u %d 0 %llu 0 0 0 %llu %llu ",
		(unsigned)p->pid, snapshot_name(header, p), state,
		(unsigned)p->ppid, (unsigned)p->group, (unsigned)p->session,
		terminal, foreground, (number_t)p->faults, hertz(p->user),
		hertz(p->system));
	text_add(out, "0 0 %d %d %u 0 %llu %llu %llu 18446744073709551615 ",
		20 + nice_of(p), nice_of(p), (unsigned)p->threads,
		hertz(p->started), (number_t)p->size,
		(number_t)p->resident / PAGE_BYTES);
	text_add(out,
		"0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0"
		"\n");
}

static const char *
state_name(char state)
{
	switch (state) {
	case 'R':
		return "R (running)";
	case 'T':
		return "T (stopped)";
	case 'Z':
		return "Z (zombie)";
	default:
		return "S (sleeping)";
	}
}

/* Linux ends the list with a blank, even an empty one. */
static void
process_groups(struct text *out, const struct session *session)
{
	const struct groups *groups = session ? session->who.groups : NULL;
	uint32_t i;

	for (i = 0; groups && i < groups->count; i++)
		text_add(out, "%s%u", i ? " " : "", (unsigned)groups->ids[i]);
	text_add(out, " \n");
}

static void
process_status(struct text *out, const struct ps_header *header,
	const struct ps_process *p, char state)
{
	unsigned uid = (unsigned)(p->credentials >> 32);
	unsigned gid = (unsigned)p->credentials;

	text_add(out, "Name:\t%.15s\nUmask:\t0022\nState:\t%s\n",
		snapshot_name(header, p), state_name(state));
	text_add(out, "Tgid:\t%u\nNgid:\t0\nPid:\t%u\nPPid:\t%u\n",
		(unsigned)p->pid, (unsigned)p->pid, (unsigned)p->ppid);
	text_add(out, "TracerPid:\t0\nUid:\t%u\t%u\t%u\t%u\n", uid, uid, uid,
		uid);
	text_add(out, "Gid:\t%u\t%u\t%u\t%u\nFDSize:\t64\nGroups:\t", gid, gid,
		gid, gid);
	process_groups(out, session_find(p->puid));
	text_add(out, "VmSize:\t%8llu kB\nVmRSS:\t%8llu kB\nThreads:\t%u\n",
		(number_t)p->size / KIB, (number_t)p->resident / KIB,
		(unsigned)p->threads);
}

static void
process_cmdline(struct text *out, uint32_t pid)
{
	static char line[PATH_BYTES];
	int64_t length = system_command_line(pid, line, sizeof(line));

	if (length > 0)
		text_add_bytes(out, line, (size_t)length);
}

static void
process_maps(struct text *out, uint32_t pid)
{
	static struct map_entry entries[64];
	uint32_t from = 0;
	int64_t count, i;

	do {
		count = system_maps(pid, from, entries, sizeof(entries));
		for (i = 0; i < count; i++) {
			const struct map_entry *e = &entries[i];

			text_add(out, "%08llx-%08llx %c%c%c%c %08llx %s %llu\n",
				(number_t)e->start, (number_t)e->end,
				e->prot & FACTOTUM_PROT_READ ? 'r' : '-',
				e->prot & FACTOTUM_PROT_WRITE ? 'w' : '-',
				e->prot & FACTOTUM_PROT_EXEC ? 'x' : '-',
				e->flags & FACTOTUM_MAP_SHARED ? 's' : 'p',
				(number_t)e->offset,
				e->object ? "00:02" : "00:00",
				(number_t)e->object);
		}
		from += (uint32_t)count;
	} while (count == (int64_t)(sizeof(entries) / sizeof(entries[0])));
}

static status_t
process_text(enum proc_kind kind, uint32_t pid, struct session *asking,
	struct text *out)
{
	const struct ps_header *header;
	const struct ps_process *p = snapshot_process(&header, pid);
	struct session *session;

	if (!p)
		return ERR_SRCH;
	switch (kind) {
	case PROC_PID_STAT:
		process_stat(out, header, p, state_of(header, p, asking));
		return 0;
	case PROC_PID_STATUS:
		process_status(out, header, p, state_of(header, p, asking));
		return 0;
	case PROC_PID_STATM:
		text_add(out, "%llu %llu 0 0 0 0 0\n",
			(number_t)p->size / PAGE_BYTES,
			(number_t)p->resident / PAGE_BYTES);
		return 0;
	case PROC_PID_CMDLINE:
		process_cmdline(out, pid);
		return 0;
	case PROC_PID_COMM:
		text_add(out, "%.15s\n", snapshot_name(header, p));
		return 0;
	case PROC_PID_MAPS:
		process_maps(out, pid);
		return 0;
	case PROC_PID_MOUNTS:
	case PROC_PID_MOUNTINFO:
		session = session_of_pid(pid);
		if (session)
			mounts(out, session, kind == PROC_PID_MOUNTINFO);
		return 0;
	default:
		return ERR_NOENT;
	}
}

status_t
proc_text(enum proc_kind kind, uint32_t pid, struct session *asking,
	struct text *out)
{
	switch (kind) {
	case PROC_MEMINFO:
		meminfo(out);
		return 0;
	case PROC_STAT:
		system_stat(out);
		return 0;
	case PROC_UPTIME:
		uptime(out);
		return 0;
	case PROC_LOADAVG:
		loadavg(out, asking);
		return 0;
	case PROC_CPUINFO:
		text_add(out, "processor\t: 0\n\n");
		return 0;
	case PROC_VERSION:
		text_add(out, "Linux version %s (glenda)\n", release);
		return 0;
	case PROC_FILESYSTEMS:
		text_add(out, "nodev\ttmpfs\nnodev\tproc\n");
		return 0;
	case PROC_CMDLINE:
		text_add(out, "\n");
		return 0;
	case PROC_HOSTNAME:
		text_add(out, "%s\n", host);
		return 0;
	case PROC_OSTYPE:
		text_add(out, "Linux\n");
		return 0;
	case PROC_OSRELEASE:
		text_add(out, "%s\n", release);
		return 0;
	case PROC_PID_MAX:
		text_add(out, "65536\n");
		return 0;
	default:
		return process_text(kind, pid, asking, out);
	}
}
