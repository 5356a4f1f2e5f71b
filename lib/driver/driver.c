/* SPDX-License-Identifier: MIT */
/* Start and sleep of the drivers of byte streams (driver.h). */
#include "driver.h"

#include <glenda/factotum_client.h>
#include <glenda/kernel_calls.h>
#include <glenda/slots.h>
#include <glenda/start.h>
#include <glenda/syscall.h>
#include <stdio.h>

enum {
	PAGE = 4096,
	CHANNEL_BYTES = 4 * PAGE,
	RING_BYTES = 2 * PAGE,
	INTERRUPT_BIT = 17,
	NAME_BYTES = 32,
};

void *
driver_map(const char *name, size_t size, paddr_t *physical)
{
	cptr_t object = start_cap(name);
	vaddr_t address;
	size_t whole;

	if (!object ||
		(physical &&
			factotum_object_info(object, &whole, physical, NULL) <
				0) ||
		factotum_mmap(CAP_FACTOTUM, 0, size,
			FACTOTUM_PROT_READ | FACTOTUM_PROT_WRITE,
			FACTOTUM_MAP_SHARED, 0, object, &address) < 0)
		return NULL;
	return (void *)(uintptr_t)address;
}

static bool
channel_open(struct driver *driver, const char *channel)
{
	char name[NAME_BYTES];
	paddr_t physical = 0;
	char *memory;

	snprintf(name, sizeof(name), "%s.ring", channel);
	memory = driver_map(name, CHANNEL_BYTES, &physical);
	snprintf(name, sizeof(name), "%s.signal", channel);
	driver->signal = start_cap(name);
	driver->in_physical = physical + offsetof(struct ring_shared, data);
	driver->out_physical = driver->in_physical + RING_BYTES;
	return memory && driver->signal &&
		ring_attach(&driver->in, memory, RING_BYTES, true) == 0 &&
		ring_attach(&driver->out, memory + RING_BYTES, RING_BYTES,
			false) == 0;
}

static bool
interrupt_open(struct driver *driver, const char *name)
{
	cptr_t slot = slot_take();

	driver->interrupt = start_cap(name);
	driver->notification = start_cap("notification");
	return cnode_mint(CAP_CNODE, slot, driver->notification, RIGHT_WRITE,
		       UINT64_C(1) << INTERRUPT_BIT) == 0 &&
		interrupt_bind(driver->interrupt, slot) == 0 &&
		interrupt_ack(driver->interrupt) == 0;
}

bool
driver_open(struct driver *driver, const char *channel, const char *interrupt)
{
	if (!channel_open(driver, channel)) {
		printf("channel %s is missing\n", channel);
		return false;
	}
	if (!interrupt_open(driver, interrupt)) {
		printf("interrupt %s is missing\n", interrupt);
		return false;
	}
	driver_ring(driver);
	return true;
}

void
driver_ring(const struct driver *driver)
{
	struct message message = {0};

	(void)syscall_send(driver->signal, &message);
}

bool
driver_wait(const struct driver *driver)
{
	struct message message = {0};
	struct sender sender;

	if (syscall_receive(SYSCALL_RECV, driver->notification, 0, &message,
		    &sender) < 0) {
		printf("cannot wait for the notification\n");
		return false;
	}
	return message.words[0] & 1u << INTERRUPT_BIT;
}

void
driver_acknowledge(const struct driver *driver)
{
	interrupt_ack(driver->interrupt);
}
