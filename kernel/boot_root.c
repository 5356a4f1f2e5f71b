/* SPDX-License-Identifier: MIT
 *
 * Making 9Ball (boot_root.h). Its capability space is as the contract,
 * section 1.7, says; its address space holds the image where it was linked,
 * and near the end of the user half stack, UTCB and boot information, each
 * with unmapped pages around it.
 */
#include "boot_root.h"
#include "boot_info.h"
#include "boot_memory.h"
#include "cnode.h"
#include "console.h"
#include "page_info.h"
#include "panic.h"
#include "thread.h"
#include "utcb.h"
#include "vspace.h"

#include <arch/processor.h>
#include <cpio.h>
#include <elf.h>
#include <machine/memory.h>
#include <string.h>

#define ROOT_NAME "9ball"
#define ROOT_PRIORITY THREAD_PRIORITY_MAX
#define ROOT_STACK_PAGES 16
#define ROOT_INFO (USER_END - 0x10000)
#define ROOT_UTCB (USER_END - 0x20000)
#define ROOT_STACK_TOP (USER_END - 0x30000)

struct root {
	const struct platform *platform;
	struct cnode *cnode;
	struct vspace *space;
	struct thread *thread;
	struct boot_info *info;
	uint8_t *frame; /* image, stack, UTCB */
	uint64_t image_pages;
	struct elf_image image;
};

static struct root root;

static pfn_t
page_of(const void *memory)
{
	return paddr_page(virt_to_phys(memory));
}

static struct slot *
root_slot(unsigned index)
{
	return cnode_slot(root.cnode, index);
}

static struct cap
frame_of(unsigned device, uint64_t start, uint64_t end, unsigned rights)
{
	pfn_t first = start >> PAGE_SHIFT;
	pfn_t last = (end + PAGE_MASK) >> PAGE_SHIFT;

	return cap_with_rights(
		cap_of_pages(OBJECT_FRAME, device, first, last - first),
		rights);
}

static void
map_pages(uint64_t address, const void *memory, uint64_t pages, unsigned rights)
{
	struct map_run run = {page_of(memory), pages, rights, CAP_ALL};
	struct map_progress progress;
	paddr_t entry;
	uint64_t level;
	status_t status;

	while ((status = vspace_map(root.space, uaddr_make(address), &run,
			&progress)) != STATUS_OK) {
		if (status != STATUS_NO_TABLE && status != STATUS_RESTART)
			panic("cannot map 9Ball at 0x%lx: %d", address, status);
		address += progress.done << PAGE_SHIFT;
		run.page += progress.done;
		run.count -= progress.done;
		if (status == STATUS_NO_TABLE)
			vspace_hang_table(root.space, uaddr_make(address),
				page_of(boot_memory_take(PAGE_SIZE)), &entry,
				&level);
	}
}

static void
find_image(void)
{
	const struct platform_range *range = &root.platform->archive;
	struct cpio archive = {
		phys_to_virt(paddr_make(range->start)),
		range->end - range->start,
	};
	struct elf_want want = {ELF_MACHINE_NATIVE, PAGE_SIZE,
		ROOT_STACK_TOP - (ROOT_STACK_PAGES + 1) * PAGE_SIZE};
	struct cpio_entry entry;
	int status;

	if (range->start == range->end)
		panic("no boot archive (pass one with -initrd)");
	status = cpio_find(&archive, ROOT_NAME, &entry);
	if (status < 0)
		panic("boot archive: %s", cpio_error_string(status));
	if (!status)
		panic("the boot archive has no file " ROOT_NAME);
	status = elf_image_check(entry.data, entry.size, &want, &root.image);
	if (status != ELF_OK)
		panic(ROOT_NAME ": %s", elf_error_string(status));
	if (root.image.relocatable || root.image.shared_pages)
		panic(ROOT_NAME ": must be linked at fixed addresses, each "
				"segment in pages of its own");
}

static unsigned
segment_rights(const struct elf_segment *segment)
{
	return (segment->flags & ELF_READ ? CAP_READ : 0) |
		(segment->flags & ELF_WRITE ? CAP_WRITE : 0) |
		(segment->flags & ELF_EXEC ? CAP_EXECUTE : 0);
}

static void
load_segment(const struct elf_segment *segment)
{
	uint64_t start = segment->vaddr & ~PAGE_MASK;
	uint64_t end = segment->vaddr + segment->memory_bytes;
	uint8_t *memory = root.frame + (start - root.image.start);

	memcpy(root.frame + (segment->vaddr - root.image.start),
		root.image.bytes + segment->offset, segment->file_bytes);
	map_pages(start, memory, (end - start + PAGE_MASK) >> PAGE_SHIFT,
		segment_rights(segment));
}

static void
load_image(void)
{
	struct elf_segment segment;
	unsigned cursor = 0;

	root.image_pages = (root.image.end - root.image.start) >> PAGE_SHIFT;
	root.frame = boot_memory_take(
		(root.image_pages + ROOT_STACK_PAGES + 1) << PAGE_SHIFT);
	while (elf_segment_next(&root.image, &cursor, &segment) > 0)
		load_segment(&segment);
	icache_sync();
}

static void
make_thread(void)
{
	uint8_t *stack = root.frame + (root.image_pages << PAGE_SHIFT);
	uint8_t *utcb = stack + (ROOT_STACK_PAGES << PAGE_SHIFT);
	struct thread *thread = root.thread;

	map_pages(ROOT_STACK_TOP - (ROOT_STACK_PAGES << PAGE_SHIFT), stack,
		ROOT_STACK_PAGES, CAP_READ | CAP_WRITE);
	map_pages(ROOT_UTCB, utcb, 1, CAP_READ | CAP_WRITE);
	map_pages(ROOT_INFO, root.info, 1, CAP_READ);
	object_create(OBJECT_TCB, &thread->object);
	thread_hold(&thread->cspace, root_slot(BOOT_SLOT_CNODE));
	thread_hold(&thread->vspace, root_slot(BOOT_SLOT_VSPACE));
	thread_set_utcb(thread, root_slot(BOOT_SLOT_IMAGE),
		(uint64_t)(utcb - root.frame), uaddr_make(ROOT_UTCB));
	thread->utcb->user[0] = ROOT_UTCB;
	thread->priority = ROOT_PRIORITY;
	context_init(&thread->context, uaddr_make(root.image.entry),
		uaddr_make(ROOT_STACK_TOP));
	context_set_start(&thread->context, ROOT_INFO, ROOT_UTCB);
	thread->state = THREAD_READY;
}

static void
add_region(struct cap cap, enum boot_region_kind kind)
{
	struct boot_info *info = root.info;
	struct boot_region *region = &info->regions[info->region_count];

	if (info->region_count == BOOT_INFO_REGIONS)
		panic("more memory regions than boot information can hold");
	region->base = cap_page(&cap) << PAGE_SHIFT;
	region->pages = cap_pages(&cap);
	region->kind = kind;
	region->slot = info->first_free_slot++;
	slot_set(root_slot(region->slot), cap);
	info->region_count++;
}

static void
add_regions(void)
{
	const struct platform *platform = root.platform;
	const struct platform_range *rest;
	unsigned i, count;

	for (i = 0; i < platform->device_count; i++)
		add_region(frame_of(CAP_DEVICE,
				   platform->devices[i].start & ~PAGE_MASK,
				   platform->devices[i].end, CAP_ALL),
			BOOT_REGION_DEVICE);
	rest = boot_memory_rest(&count);
	for (i = 0; i < count; i++)
		if (rest[i].start < rest[i].end)
			add_region(cap_of_pages(OBJECT_UNTYPED, 0,
					   rest[i].start >> PAGE_SHIFT,
					   (rest[i].end - rest[i].start) >>
						   PAGE_SHIFT),
				BOOT_REGION_UNTYPED);
}

static void
set_slots(void)
{
	const struct platform_range *archive = &root.platform->archive;
	const struct platform_range *tree = &root.platform->device_tree;
	uint64_t image = virt_to_phys(root.frame).value;
	uint64_t bytes = (root.image_pages + ROOT_STACK_PAGES + 1)
		<< PAGE_SHIFT;
	uint64_t info = virt_to_phys(root.info).value;

	slot_set(
		root_slot(BOOT_SLOT_VSPACE), cap_to(OBJECT_VSPACE, root.space));
	slot_set(root_slot(BOOT_SLOT_TCB), cap_to(OBJECT_TCB, root.thread));
	slot_set(root_slot(BOOT_SLOT_INFO),
		frame_of(0, info, info + PAGE_SIZE, CAP_READ | CAP_GRANT));
	slot_set(root_slot(BOOT_SLOT_IRQ_CONTROL),
		cap_make(OBJECT_IRQ_CONTROL, CAP_ALL, 0, 0));
	slot_set(root_slot(BOOT_SLOT_CONSOLE),
		cap_make(OBJECT_CONSOLE, CAP_ALL, 0, 0));
	slot_set(root_slot(BOOT_SLOT_POWER),
		cap_make(OBJECT_POWER, CAP_ALL, 0, 0));
	if (PORTS)
		slot_set(root_slot(BOOT_SLOT_IO_PORTS),
			cap_make(OBJECT_IO_PORT_CONTROL, CAP_ALL, 0, 0));
	slot_set(root_slot(BOOT_SLOT_ARCHIVE),
		frame_of(0, archive->start, archive->end,
			CAP_READ | CAP_EXECUTE | CAP_GRANT));
	if (tree->start != tree->end)
		slot_set(root_slot(BOOT_SLOT_DEVICE_TREE),
			frame_of(0, tree->start, tree->end,
				CAP_READ | CAP_GRANT));
	slot_set(root_slot(BOOT_SLOT_IMAGE),
		frame_of(0, image, image + bytes, CAP_ALL));
}

static void
write_info(void)
{
	const struct platform *platform = root.platform;
	struct boot_info *info = root.info;

	info->magic = BOOT_INFO_MAGIC;
	info->version = BOOT_INFO_VERSION;
	info->processors = platform->processors;
	info->clock_frequency = platform->clock_frequency;
	info->memory_bytes = boot_memory_total(platform);
	info->archive_offset = platform->archive.start & PAGE_MASK;
	info->archive_bytes = platform->archive.end - platform->archive.start;
	info->device_tree_offset = platform->device_tree.start & PAGE_MASK;
	info->device_tree_bytes =
		platform->device_tree.end - platform->device_tree.start;
	info->image_address = root.image.start;
	info->image_pages = root.image_pages;
	info->stack_address = ROOT_STACK_TOP - (ROOT_STACK_PAGES << PAGE_SHIFT);
	info->stack_pages = ROOT_STACK_PAGES;
	info->utcb_address = ROOT_UTCB;
	strncpy(info->arguments, platform->arguments,
		sizeof(info->arguments) - 1);
	info->entry_clock = clock_now();
}

struct thread *
boot_root_make(const struct platform *platform)
{
	struct cap cap;

	root.platform = platform;
	find_image();
	root.cnode = boot_memory_take(sizeof(struct slot) << BOOT_CNODE_BITS);
	root.space = vspace_create(boot_memory_take(PAGE_SIZE));
	root.thread = boot_memory_take(THREAD_SIZE);
	root.info = boot_memory_take(PAGE_SIZE);
	root.info->first_free_slot = BOOT_SLOT_FIRST_REGION;
	cap = cnode_create(root.cnode, BOOT_CNODE_BITS);
	slot_set(root_slot(BOOT_SLOT_CNODE), cap);
	load_image();
	set_slots();
	make_thread();
	add_regions();
	write_info();
	return root.thread;
}
