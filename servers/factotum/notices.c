/* SPDX-License-Identifier: MIT */
/*
 * Few processes watch, so they stand in one list.
 */
#include "notices.h"

#include "heap.h"

#include <glenda/factotum_server.h>
#include <glenda/slots.h>
#include <glenda/syscall.h>

static struct watcher *watchers;

static struct watcher *
watcher_of(const struct process *process)
{
	struct watcher *watcher = watchers;

	while (watcher && watcher->process != process)
		watcher = watcher->next;
	return watcher;
}

status_t
watch_set(struct process *process, cptr_t signal, uint32_t kinds, bool all)
{
	struct watcher *watcher = watcher_of(process);

	if (!watcher) {
		watcher = heap_alloc(sizeof(*watcher));
		if (!watcher)
			return STATUS_NO_MEMORY;
		watcher->process = process;
		watcher->next = watchers;
		watchers = watcher;
	}
	slot_drop(watcher->signal);
	watcher->signal = signal;
	watcher->kinds = kinds;
	watcher->all = all;
	return STATUS_OK;
}

static void
ring(const struct watcher *watcher)
{
	const struct message message = {0};

	syscall_send(watcher->signal, &message);
}

static void
append(struct watcher *watcher, uint64_t kind, uint64_t id)
{
	uint32_t at = (watcher->first + watcher->count) % NOTICE_MAX;

	if (watcher->count == NOTICE_MAX) {
		at = (watcher->first + NOTICE_MAX - 1) % NOTICE_MAX;
		kind = FACTOTUM_NOTICE_OVERFLOW;
		id = 0;
	} else {
		watcher->count++;
	}
	watcher->notices[at] = (struct notice){kind, id};
	if (watcher->count == 1 || watcher->count == NOTICE_MAX)
		ring(watcher);
}

void
notice_post(uint32_t kind, uint32_t detail, const struct process *about)
{
	for (struct watcher *watcher = watchers; watcher;
		watcher = watcher->next) {
		if (!(watcher->kinds >> kind & 1))
			continue;
		/* Who adopted a process did not start it. */
		if (!watcher->all &&
			(about->orphan || about->parent != watcher->process))
			continue;
		append(watcher, kind | (uint64_t)detail << 32, about->puid);
	}
}

bool
notice_tell(struct process *process, uint32_t kind, uint64_t id)
{
	struct watcher *watcher = watcher_of(process);

	if (!watcher || !(watcher->kinds >> kind & 1))
		return false;
	append(watcher, kind, id);
	return true;
}

void
notices_fetch(struct process *process, struct factotum_fetch_results *results)
{
	struct watcher *watcher = watcher_of(process);
	struct notice got[3] = {{0}};
	uint32_t count = 0;

	while (watcher && watcher->count > 0 && count < 3) {
		got[count++] = watcher->notices[watcher->first];
		watcher->first = (watcher->first + 1) % NOTICE_MAX;
		watcher->count--;
	}
	results->count = count;
	results->kind0 = got[0].kind;
	results->id0 = got[0].id;
	results->kind1 = got[1].kind;
	results->id1 = got[1].id;
	results->kind2 = got[2].kind;
	results->id2 = got[2].id;
	/* More is waiting: the bell must not depend on another event. */
	if (watcher && watcher->count > 0)
		ring(watcher);
}

void
notices_forget(struct process *process)
{
	struct watcher **link = &watchers;

	while (*link) {
		struct watcher *watcher = *link;

		if (watcher->process != process) {
			link = &watcher->next;
			continue;
		}
		*link = watcher->next;
		slot_drop(watcher->signal);
		heap_free(watcher, sizeof(*watcher));
	}
}

bool
notices_watched(uint32_t kind)
{
	const struct watcher *watcher = watchers;

	while (watcher && !(watcher->kinds >> kind & 1))
		watcher = watcher->next;
	return watcher != NULL;
}
