/* SPDX-License-Identifier: MIT */
/*
 * ps: Factotum's snapshot of processes and threads, and which threads stand
 * ready at which priority. Shows the caller's own tree; all, when its entry in
 * init.toml has `manager = ["inspect"]`.
 */
#include <stdio.h>

#include <glenda/factotum_client.h>
#include <glenda/records.h>
#include <glenda/slots.h>
#include <glenda/start.h>

#define STATE_READY 1 /* of TCB.info */
#define PRIORITIES 256

static const char *
state_name(uint32_t state)
{
	static const char *const names[] = {
		[FACTOTUM_STATE_CREATED] = "created",
		[FACTOTUM_STATE_RUNNING] = "running",
		[FACTOTUM_STATE_EXITED] = "exited",
		[FACTOTUM_STATE_FAULTED] = "faulted",
		[FACTOTUM_STATE_FAILED] = "failed",
		[FACTOTUM_STATE_STOPPED] = "stopped",
	};

	return state < sizeof(names) / sizeof(names[0]) ? names[state] : "?";
}

static void
print_process(const struct ps_header *header, const struct ps_process *p)
{
	uint64_t used = p->user + p->system;
	uint64_t per_ms = header->frequency / 1000;

	printf("%5u %5u %-8s %3u %3u %8lu %7lu %s\n", (unsigned)p->pid,
		(unsigned)p->ppid, state_name(p->state), (unsigned)p->threads,
		(unsigned)p->priority,
		(unsigned long)(per_ms ? used / per_ms : 0),
		(unsigned long)(p->resident / 1024), p->name);
}

static uint32_t
priority_of(const struct ps_header *header, uint32_t pid)
{
	const struct ps_process *p = (const void *)(header + 1);

	for (uint32_t i = 0; i < header->process_count; i++)
		if (p[i].pid == pid)
			return p[i].priority;
	return PRIORITIES;
}

static void
print_queues(const struct ps_header *header)
{
	const struct ps_thread *t =
		(const void *)((uintptr_t)header + header->threads);

	printf("ready queues, by priority:\n");
	for (uint32_t priority = PRIORITIES; priority-- > 0;) {
		unsigned found = 0;

		for (uint32_t i = 0; i < header->thread_count; i++) {
			if (t[i].state != STATE_READY ||
				priority_of(header, t[i].pid) != priority)
				continue;
			if (found++ == 0)
				printf("%5u:", (unsigned)priority);
			printf(" %u", (unsigned)t[i].tid);
		}
		if (found)
			printf("\n");
	}
}

int
main(void)
{
	cptr_t manager = start_cap("manager");
	cptr_t object = slot_take();
	const struct ps_header *header;
	const struct ps_process *p;
	vaddr_t address = 0;
	size_t size = 0;

	if (factotum_ps(manager ? manager : CAP_FACTOTUM, &size, object) < 0 ||
		factotum_mmap(CAP_FACTOTUM, 0, size, FACTOTUM_PROT_READ,
			FACTOTUM_MAP_SHARED, 0, object, &address) < 0) {
		printf("ps: no snapshot\n");
		return 1;
	}
	header = (const void *)(uintptr_t)address;
	p = (const void *)(header + 1);
	printf("  PID  PPID STATE    THR PRI  TIME/ms RES/KiB NAME\n");
	for (uint32_t i = 0; i < header->process_count; i++)
		print_process(header, &p[i]);
	print_queues(header);
	return 0;
}
