/* SPDX-License-Identifier: MIT */
/*
 * A kernel for the unit tests of Factotum: the calls that its portable code
 * makes, answered on the host (fake_kernel.h).
 */
#include "fake_kernel.h"

#include <glenda/kernel_calls.h>
#include <glenda/server.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "../heap.h"

#define RADIX 10
#define SLOTS 1024
#define CNODES 1024
#define MAPPINGS 4096
#define HEAP_BYTES (64ul << 20)

struct fake_object {
	uint32_t type;
	uint64_t size;	/* pages; of an Untyped, bytes left */
	uint64_t whole; /* bytes of an Untyped */
	uint8_t *bytes;
	struct fake_object *parent;
	bool dead;
	struct fake_object *next;
};

struct mapping {
	cptr_t vspace;
	uint64_t page;
	uint64_t rights;
};

struct utcb test_utcb;
unsigned fake_answers;
status_t fake_last_answer;
uint64_t fake_now;

static struct fake_object *slots[CNODES][SLOTS];
static struct fake_object *objects;
static struct mapping mappings[MAPPINGS];
static unsigned mapping_count;
static void *heap_memory;

static struct fake_object **
slot_at(cptr_t cptr)
{
	uint64_t place = cptr % SLOTS;
	uint64_t rest = cptr >> RADIX;

	return rest ? &slots[place][rest - 1] : &slots[FAKE_CNODE][place];
}

static struct fake_object *
object_make(uint32_t type, struct fake_object *parent)
{
	struct fake_object *object = calloc(1, sizeof(*object));

	object->type = type;
	object->parent = parent;
	object->next = objects;
	objects = object;
	return object;
}

void
fake_end(void)
{
	while (objects) {
		struct fake_object *next = objects->next;

		free(objects->bytes);
		free(objects);
		objects = next;
	}
	memset(slots, 0, sizeof(slots));
	mapping_count = 0;
	if (heap_memory)
		munmap(heap_memory, HEAP_BYTES);
	heap_memory = NULL;
}

void
fake_reset(uint64_t pages)
{
	struct fake_object *untyped;

	fake_end();
	fake_answers = 0;
	fake_now = 1000;
	untyped = object_make(OBJECT_UNTYPED, NULL);
	untyped->size = untyped->whole = pages * 4096;
	*slot_at(FAKE_UNTYPED) = untyped;
	heap_memory = mmap(NULL, HEAP_BYTES, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	heap_init(3, (uintptr_t)heap_memory, HEAP_BYTES);
}

static status_t
retype(struct fake_object *untyped, const uint64_t *words)
{
	uint32_t type = (uint32_t)words[0];
	uint64_t bytes = 4096;
	struct fake_object *object;

	if (type == OBJECT_FRAME || type == OBJECT_UNTYPED)
		bytes = words[1] * 4096;
	if (type == OBJECT_CNODE)
		bytes = 32ul << words[1];
	if (untyped->size < bytes)
		return STATUS_NO_MEMORY;
	untyped->size -= bytes;
	object = object_make(type, untyped);
	object->size = type == OBJECT_UNTYPED ? bytes : words[1];
	object->whole = bytes;
	if (type == OBJECT_FRAME)
		object->bytes = malloc(bytes);
	slots[words[3] % CNODES][words[4]] = object;
	return STATUS_OK;
}

static bool
below(const struct fake_object *object, const struct fake_object *root)
{
	for (object = object->parent; object; object = object->parent)
		if (object == root)
			return true;
	return false;
}

static void
revoke(struct fake_object *root)
{
	for (struct fake_object *object = objects; object;
		object = object->next)
		if (below(object, root))
			object->dead = true;
	for (unsigned i = 0; i < CNODES; i++)
		for (unsigned j = 0; j < SLOTS; j++)
			if (slots[i][j] && slots[i][j]->dead)
				slots[i][j] = NULL;
	root->size = root->whole;
}

static status_t
frame_call(struct fake_object *frame, uint32_t label, uint64_t *words)
{
	uint64_t value = 0;

	switch (label) {
	case FRAME_CLEAR:
		memset(frame->bytes + words[0] * 4096, 0, words[1] * 4096);
		return STATUS_OK;
	case FRAME_COPY:
		memcpy(frame->bytes + words[0] * 4096,
			(*slot_at(words[1]))->bytes + words[2] * 4096,
			words[3] * 4096);
		return STATUS_OK;
	case FRAME_READ:
		memcpy((void *)(uintptr_t)words[2], frame->bytes + words[0],
			words[1]);
		return STATUS_OK;
	case FRAME_WRITE:
		memcpy(frame->bytes + words[0], (void *)(uintptr_t)words[2],
			words[1]);
		return STATUS_OK;
	case FRAME_LOAD:
		memcpy(&value, frame->bytes + words[0], words[1]);
		words[0] = value;
		return STATUS_OK;
	case FRAME_SWAP:
		memcpy(&value, frame->bytes + words[0], words[1]);
		if (value == words[2])
			memcpy(frame->bytes + words[0], &words[3], words[1]);
		words[0] = value;
		return STATUS_OK;
	}
	return STATUS_INVALID_METHOD;
}

static struct mapping *
mapping_find(cptr_t vspace, uint64_t page)
{
	for (unsigned i = 0; i < mapping_count; i++)
		if (mappings[i].vspace == vspace && mappings[i].page == page)
			return &mappings[i];
	return NULL;
}

static void
mapping_set(cptr_t vspace, uint64_t page, uint64_t rights)
{
	struct mapping *mapping = mapping_find(vspace, page);

	if (!mapping && mapping_count < MAPPINGS)
		mapping = &mappings[mapping_count++];
	if (mapping)
		*mapping = (struct mapping){vspace, page, rights & 7};
}

int
fake_mapped(cptr_t vspace, vaddr_t address)
{
	const struct mapping *mapping = mapping_find(vspace, address >> 12);

	return mapping ? (int)mapping->rights : -1;
}

static void
unmap(cptr_t vspace, uint64_t page, uint64_t count)
{
	for (unsigned i = 0; i < mapping_count;) {
		struct mapping *m = &mappings[i];

		if (m->vspace == vspace && m->page - page < count)
			*m = mappings[--mapping_count];
		else
			i++;
	}
}

static void
share(cptr_t vspace, const uint64_t *words)
{
	uint64_t page = words[1] >> 12;
	unsigned count = mapping_count;

	for (unsigned i = 0; i < count; i++) {
		struct mapping *m = &mappings[i];

		if (m->vspace != words[0] || m->page - page >= words[2])
			continue;
		if (words[3] & VSPACE_FLAG_COW)
			m->rights &= ~(uint64_t)RIGHT_WRITE;
		mapping_set(vspace, m->page, m->rights);
	}
}

static status_t
vspace_call(cptr_t self, uint32_t label, uint64_t *words)
{
	const struct mapping *mapping;

	switch (label) {
	case VSPACE_MAP:
		for (uint64_t i = 0; i < words[3]; i++)
			mapping_set(self, (words[0] >> 12) + i, words[4]);
		words[0] = words[3];
		return STATUS_OK;
	case VSPACE_UNMAP:
		unmap(self, words[0] >> 12, words[1]);
		return STATUS_OK;
	case VSPACE_PROTECT:
		for (unsigned i = 0; i < mapping_count; i++)
			if (mappings[i].vspace == self &&
				mappings[i].page - (words[0] >> 12) < words[1])
				mappings[i].rights = words[2] & 7;
		return STATUS_OK;
	case VSPACE_SHARE:
		share(self, words);
		return STATUS_OK;
	case VSPACE_RESET:
		unmap(self, 0, ~0ul);
		return STATUS_OK;
	case VSPACE_TRANSLATE:
		mapping = mapping_find(self, words[0] >> 12);
		if (!mapping)
			return STATUS_NOT_MAPPED;
		words[1] = mapping->rights;
		return STATUS_OK;
	}
	return STATUS_INVALID_METHOD;
}

status_t
syscall_call(cptr_t cap, struct message *message)
{
	uint32_t label = message_label(message->info);
	struct fake_object *object = *slot_at(cap);
	struct fake_object **slot;

	switch (label >> 16) {
	case OBJECT_UNTYPED:
		if (label == UNTYPED_RETYPE)
			return retype(object, message->words);
		message->words[1] = object->whole;
		message->words[2] = object->size;
		return STATUS_OK;
	case OBJECT_CNODE:
		slot = &slots[cap % CNODES][message->words[0] % SLOTS];
		if (label == CNODE_DELETE)
			*slot = NULL;
		if (label == CNODE_REVOKE && *slot)
			revoke(*slot);
		if (label == CNODE_INSPECT)
			return message->words[0] < SLOTS
				? STATUS_OK
				: STATUS_INVALID_ARGUMENT;
		return STATUS_OK;
	case OBJECT_FRAME:
		return object && object->bytes
			? frame_call(object, label, message->words)
			: STATUS_INVALID_CAP;
	case OBJECT_VSPACE:
		return vspace_call(cap, label, message->words);
	}
	memset(message->words, 0, sizeof(message->words));
	return STATUS_OK;
}

status_t
syscall_send(cptr_t cap, const struct message *message)
{
	(void)cap;
	(void)message;
	return STATUS_OK;
}

uint64_t
clock_ticks(void)
{
	return fake_now;
}

/* ---- what the server loop would do ---- */

void
answer_send(struct server *server, cptr_t reply, status_t status,
	const struct answer *answer)
{
	(void)server;
	(void)reply;
	(void)answer;
	fake_answers++;
	fake_last_answer = status;
}

void
answer_drop(struct server *server, cptr_t reply)
{
	(void)server;
	(void)reply;
}

cptr_t
request_park(struct request *request)
{
	return request->reply;
}

/* Words beyond the registers, as lib/glenda moves them. */
void
message_put(unsigned first, const uint64_t *words, unsigned count)
{
	for (unsigned i = 0; i < count && first + i < MAX_WORDS; i++)
		test_utcb.words[first + i] = words[i];
}

void
message_get(unsigned first, uint64_t *words, unsigned count)
{
	for (unsigned i = 0; i < count && first + i < MAX_WORDS; i++)
		words[i] = test_utcb.words[first + i];
}
