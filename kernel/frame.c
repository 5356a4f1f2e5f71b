/* SPDX-License-Identifier: MIT
 *
 * Frames: slices, and operations on what pages hold, so that an owner needs
 * no map of the memory it manages. Contents of device pages are out of reach
 * here: their registers answer only to those who map them.
 */
#include "frame.h"
#include "invoke.h"
#include "usermem.h"
#include "work.h"
#include <string.h>

/* Bytes that one step of read and write copies. */
#define COPY_STEP 4096

void
page_clear(void *page)
{
	uint64_t *word = page, *end = word + PAGE_SIZE / sizeof(*word);

	for (; word < end; word += 16) {
		word[0] = word[1] = word[2] = word[3] = 0;
		word[4] = word[5] = word[6] = word[7] = 0;
		word[8] = word[9] = word[10] = word[11] = 0;
		word[12] = word[13] = word[14] = word[15] = 0;
	}
}

void
page_copy(void *to, const void *from)
{
	uint64_t *restrict target = to;
	const uint64_t *restrict source = from;
	unsigned i;

	for (i = 0; i < PAGE_SIZE / sizeof(*target); i += 8) {
		uint64_t a = source[i], b = source[i + 1];
		uint64_t c = source[i + 2], d = source[i + 3];
		uint64_t e = source[i + 4], f = source[i + 5];
		uint64_t g = source[i + 6], h = source[i + 7];

		target[i] = a;
		target[i + 1] = b;
		target[i + 2] = c;
		target[i + 3] = d;
		target[i + 4] = e;
		target[i + 5] = f;
		target[i + 6] = g;
		target[i + 7] = h;
	}
}

/* Whether [first, first + count) lies within `size`. */
static bool
within(uint64_t first, uint64_t count, uint64_t size)
{
	return first <= size && count <= size - first;
}

static bool
is_device(const struct cap *frame)
{
	return cap_aux(frame) & CAP_DEVICE;
}

/* The kernel's pointer to a byte of a Frame of RAM. */
static void *
frame_pointer(const struct cap *frame, uint64_t offset)
{
	return (char *)phys_to_virt(pfn_address(cap_page(frame))) + offset;
}

static status_t
frame_slice(struct invocation *in)
{
	const struct cap *frame = &in->slot->cap;
	uint64_t page = in->words[0], count = in->words[1];
	struct cap slice;
	struct slot *to;
	status_t status;

	if (count == 0 || !within(page, count, cap_pages(frame)))
		return STATUS_INVALID_ARGUMENT;
	status = invoke_destination(in, in->words[3], in->words[4], &to);
	if (status != STATUS_OK)
		return status;
	/* commit: cannot fail */
	slice = cap_with_rights(*frame, in->words[2] & CAP_ALL);
	slice.extra = cap_run(cap_page(frame) + page, count);
	slot_insert_child(to, slice, in->slot);
	return STATUS_OK;
}

static status_t
frame_clear(struct invocation *in)
{
	const struct cap *frame = &in->slot->cap;
	unsigned steps = 0;

	if (is_device(frame) ||
		!within(in->words[0], in->words[1], cap_pages(frame)))
		return STATUS_INVALID_ARGUMENT;
	/* commit: cannot fail */
	while (in->words[1]) {
		page_clear(frame_pointer(frame, in->words[0] << PAGE_SHIFT));
		in->words[0]++;
		in->words[1]--;
		if (in->words[1] && work_should_stop(&steps, 16))
			return STATUS_RESTART;
	}
	return STATUS_OK;
}

static status_t
frame_copy(struct invocation *in)
{
	const struct cap *frame = &in->slot->cap;
	unsigned steps = 0;
	struct slot *source;
	status_t status;

	status = invoke_cap(in, in->words[1], OBJECT_FRAME, CAP_READ, &source);
	if (status != STATUS_OK)
		return status;
	if (is_device(frame) || is_device(&source->cap) ||
		!within(in->words[0], in->words[3], cap_pages(frame)) ||
		!within(in->words[2], in->words[3], cap_pages(&source->cap)))
		return STATUS_INVALID_ARGUMENT;
	/* commit: cannot fail */
	while (in->words[3]) {
		void *to = frame_pointer(frame, in->words[0] << PAGE_SHIFT);
		void *from =
			frame_pointer(&source->cap, in->words[2] << PAGE_SHIFT);

		if (to != from)
			page_copy(to, from);
		in->words[0]++;
		in->words[2]++;
		in->words[3]--;
		if (in->words[3] && work_should_stop(&steps, 32))
			return STATUS_RESTART;
	}
	return STATUS_OK;
}

typedef status_t copy_fn(const struct vspace *space, void *kernel, uaddr_t user,
	uint64_t length);

static status_t
copy_to_user(
	const struct vspace *space, void *kernel, uaddr_t user, uint64_t length)
{
	uint64_t done;

	return user_copy_out(space, user, kernel, length, &done);
}

static status_t
copy_from_user(
	const struct vspace *space, void *kernel, uaddr_t user, uint64_t length)
{
	uint64_t done;

	return user_copy_in(space, kernel, user, length, &done);
}

/* read and write: words are offset in the run, length, user address. */
static status_t
frame_transfer(struct invocation *in, copy_fn *copy)
{
	const struct cap *frame = &in->slot->cap;
	unsigned steps = 0;

	if (is_device(frame) ||
		!within(in->words[0], in->words[1],
			cap_pages(frame) << PAGE_SHIFT))
		return STATUS_INVALID_ARGUMENT;
	while (in->words[1]) {
		uint64_t part =
			in->words[1] < COPY_STEP ? in->words[1] : COPY_STEP;
		status_t status =
			copy(in->vspace, frame_pointer(frame, in->words[0]),
				uaddr_make(in->words[2]), part);

		if (status != STATUS_OK)
			return status;
		in->words[0] += part;
		in->words[1] -= part;
		in->words[2] += part;
		if (in->words[1] && work_should_stop(&steps, 32))
			return STATUS_RESTART;
	}
	return STATUS_OK;
}

static status_t
frame_read(struct invocation *in)
{
	return frame_transfer(in, copy_to_user);
}

static status_t
frame_write(struct invocation *in)
{
	return frame_transfer(in, copy_from_user);
}

/* The word of load and swap: words are offset and width. */
static status_t
frame_word(const struct invocation *in, void **word)
{
	const struct cap *frame = &in->slot->cap;
	uint64_t offset = in->words[0], width = in->words[1];

	if ((width != 4 && width != 8) || offset % width || is_device(frame) ||
		!within(offset, width, cap_pages(frame) << PAGE_SHIFT))
		return STATUS_INVALID_ARGUMENT;
	*word = frame_pointer(frame, offset);
	return STATUS_OK;
}

static status_t
frame_load(struct invocation *in)
{
	void *word;
	status_t status = frame_word(in, &word);

	if (status != STATUS_OK)
		return status;
	if (in->words[1] == 4)
		in->words[0] =
			__atomic_load_n((uint32_t *)word, __ATOMIC_SEQ_CST);
	else
		in->words[0] =
			__atomic_load_n((uint64_t *)word, __ATOMIC_SEQ_CST);
	in->results = 1;
	return STATUS_OK;
}

static uint64_t
swap_word32(uint32_t *word, uint32_t expected, uint32_t desired)
{
	__atomic_compare_exchange_n(word, &expected, desired, false,
		__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	return expected;
}

static uint64_t
swap_word64(uint64_t *word, uint64_t expected, uint64_t desired)
{
	__atomic_compare_exchange_n(word, &expected, desired, false,
		__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	return expected;
}

static status_t
frame_swap(struct invocation *in)
{
	void *word;
	status_t status = frame_word(in, &word);

	if (status != STATUS_OK)
		return status;
	if (in->words[1] == 4)
		in->words[0] = swap_word32(word, in->words[2], in->words[3]);
	else
		in->words[0] = swap_word64(word, in->words[2], in->words[3]);
	in->results = 1;
	return STATUS_OK;
}

static status_t
frame_info(struct invocation *in)
{
	const struct cap *frame = &in->slot->cap;

	in->words[0] = pfn_address(cap_page(frame)).value;
	in->words[1] = cap_pages(frame);
	in->words[2] = is_device(frame);
	in->results = 3;
	return STATUS_OK;
}

static const struct method frame_methods[] = {
	[METHOD(FRAME_SLICE)] = {frame_slice, 5, false, 0},
	[METHOD(FRAME_CLEAR)] = {frame_clear, 2, false, CAP_WRITE},
	[METHOD(FRAME_COPY)] = {frame_copy, 4, false, CAP_WRITE},
	[METHOD(FRAME_READ)] = {frame_read, 3, false, CAP_READ},
	[METHOD(FRAME_WRITE)] = {frame_write, 3, false, CAP_WRITE},
	[METHOD(FRAME_LOAD)] = {frame_load, 2, false, CAP_READ},
	[METHOD(FRAME_SWAP)] = {frame_swap, 4, false, CAP_READ | CAP_WRITE},
	[METHOD(FRAME_INFO)] = {frame_info, 0, false, 0},
};

const struct object_class frame_class = {
	.name = "Frame",
	.methods = frame_methods,
	.method_count = sizeof(frame_methods) / sizeof(frame_methods[0]),
};
