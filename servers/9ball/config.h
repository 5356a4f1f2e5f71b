/* SPDX-License-Identifier: MIT */
/*
 * init.toml and run.toml, read strictly (rows N1, N4): a key that is not known,
 * a value of the wrong type, a need that names no service or a cycle of needs
 * is an error with its line. README.md describes the format.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONFIG_SERVICES 16
#define CONFIG_CHANNELS 6
#define CONFIG_NAME 16
#define CONFIG_LIST 4
#define CONFIG_STRINGS 2048
#define CONFIG_PRIORITY_MAX 189 /* Factotum stands above all services */

/* Slots of a service's CNode, a power of two. */
#define SLOTS_DEFAULT 256
#define SLOTS_MAX 4096

enum config_restart {
	RESTART_NEVER,
	RESTART_ON_FAILURE,
	RESTART_ALWAYS,
};

/* What a service may ask of 9Ball itself. */
enum config_supervisor {
	SUPERVISOR_NONE,
	SUPERVISOR_VIEW,  /* states and logs */
	SUPERVISOR_POWER, /* orders, power-off and restart as well */
};

struct config_device {
	char name[CONFIG_NAME]; /* what the driver calls it */
	const char *compatible; /* device tree name, or NULL: virtio */
	uint32_t virtio;	/* virtio device kind */
	uint32_t instance;	/* which one of that kind */
};

/* Strings one after the other, each with its NUL. */
struct config_strings {
	char text[CONFIG_STRINGS];
	size_t length;
};

struct config_service {
	char name[CONFIG_NAME];
	const char *image; /* name in the boot archive */
	uint32_t line;	   /* where init.toml defines it */
	uint32_t provides; /* service id, 0: none */
	uint32_t manager;  /* manager_right bits */
	uint32_t needs;	   /* mask of services that must be ready */
	uint32_t allow[CONFIG_LIST];
	unsigned allow_count;
	uint32_t ready_ms;     /* deadline for READY */
	uint32_t priority;     /* 0: the ordinary one */
	uint32_t slots;	       /* of its CNode: 2^8 to 2^12 */
	uint32_t memory_pages; /* that it keeps from life to life */
	enum config_restart restart;
	enum config_supervisor supervisor;
	bool critical;
	bool linux_process;   /* the image is the Linux shim */
	bool session;	      /* its end is the end of the system */
	bool archive;	      /* gets the boot archive */
	bool seed;	      /* gets the machine's random bytes */
	bool optional_device; /* not started when its device is absent */
	struct config_device device[CONFIG_LIST];
	unsigned device_count;
	struct config_strings arguments;
	struct config_strings environment;
};

/* Shared memory and a notification bit at either end (contract, section 4). */
struct config_channel {
	char name[CONFIG_NAME];
	uint32_t pages;
	unsigned end[2]; /* indices of services */
};

struct config {
	struct config_service service[CONFIG_SERVICES];
	unsigned service_count;
	struct config_channel channel[CONFIG_CHANNELS];
	unsigned channel_count;
	bool verbose; /* run.toml: print milestones and logs */
};

/*
 * Read init.toml. Returns 0, or -1 with a sentence (file, line, what is wrong)
 * in `error`. `out` keeps pointers into memory of this module.
 */
int config_read(struct config *out, const char *text, size_t length,
	char *error, size_t error_size);

/*
 * Read run.toml over it: what the session service runs, with which arguments,
 * environment and terminal. Results as config_read.
 */
int config_run(struct config *out, const char *text, size_t length, char *error,
	size_t error_size);

/* Append a string with its NUL; false when it does not fit. */
bool config_strings_add(struct config_strings *strings, const char *text);
