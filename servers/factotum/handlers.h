/* SPDX-License-Identifier: MIT */
/*
 * The glue between messages and the modules that do the work: each handler
 * finds out who asks, checks what only it can check, and calls one module.
 */
#pragma once

#include "process.h"

#include <glenda/factotum_server.h>

/* Who asks, and what the capability names. */
struct who {
	struct process *process; /* the caller */
	struct thread *thread;
	uint64_t rights;	/* FACTOTUM_MANAGER_RIGHT_ */
	struct process *target; /* of a handle */
	struct object *object;	/* of an object's badge */
	uint8_t object_rights;
};

/* INVALID_CAP when the badge is of another kind or its subject is gone. */
status_t who_is_process(const struct request *request, struct who *who);
/* FORBIDDEN for Linux processes: nothing limits how many they would make. */
status_t who_makes_objects(const struct request *request, struct who *who);
status_t who_has_handle(const struct request *request, struct who *who);
status_t who_has_object(const struct request *request, struct who *who);
status_t who_is_manager(const struct request *request, struct who *who);

/*
 * The memory object that came as a capability: NULL with OK when there was
 * none, INVALID_CAP when it is something else.
 */
status_t object_received(const struct received_cap *cap, struct object **object,
	uint8_t *rights);

/* A badged end of our own endpoint to send with an answer. */
status_t send_badge(uint64_t badge, struct sent_cap *cap);
status_t send_object(
	const struct object *object, uint8_t rights, struct sent_cap *cap);

#define HANDLER(name) \
	status_t handle_##name(void *context, struct request *request)
#define HANDLER_IN(name)                                               \
	status_t handle_##name(void *context, struct request *request, \
		const struct factotum_##name##_args *args)
#define HANDLER_OUT(name)                                              \
	status_t handle_##name(void *context, struct request *request, \
		struct factotum_##name##_results *results)
#define HANDLER_BOTH(name)                                             \
	status_t handle_##name(void *context, struct request *request, \
		const struct factotum_##name##_args *args,             \
		struct factotum_##name##_results *results)

/*
 * The body of a handler that begins with finding out who asks: `kind` is
 * who_is_process or its like, and an error of that is the answer. In the body
 * `who` tells the result.
 */
#define UNUSED __attribute__((unused))
#define SERVE_AS(head, kind, name, call, ...)                   \
	static status_t serve_##name(__VA_ARGS__);              \
	head(name)                                              \
	{                                                       \
		struct who found;                               \
		struct who *who = &found;                       \
		status_t status = kind(request, who);           \
                                                                \
		(void)context;                                  \
		return status < 0 ? status : serve_##name call; \
	}                                                       \
	static status_t serve_##name(__VA_ARGS__)
#define SERVE(kind, name)                             \
	SERVE_AS(HANDLER, kind, name, (request, who), \
		UNUSED struct request *request, UNUSED const struct who *who)
#define SERVE_IN(kind, name)                                                  \
	SERVE_AS(HANDLER_IN, kind, name, (request, who, args),                \
		UNUSED struct request *request, UNUSED const struct who *who, \
		const struct factotum_##name##_args *args)
#define SERVE_OUT(kind, name)                                                 \
	SERVE_AS(HANDLER_OUT, kind, name, (request, who, results),            \
		UNUSED struct request *request, UNUSED const struct who *who, \
		struct factotum_##name##_results *results)
#define SERVE_BOTH(kind, name)                                                \
	SERVE_AS(HANDLER_BOTH, kind, name, (request, who, args, results),     \
		UNUSED struct request *request, UNUSED const struct who *who, \
		const struct factotum_##name##_args *args,                    \
		struct factotum_##name##_results *results)

/* handle_process.c */
HANDLER_BOTH(spawn);
HANDLER(start);
HANDLER_IN(exit);
HANDLER_BOTH(wait);
HANDLER_IN(kill);
HANDLER_BOTH(fork);
HANDLER_IN(exec);
HANDLER_OUT(get_pid);
HANDLER_OUT(get_ppid);
HANDLER_OUT(status);
HANDLER_IN(set_schedule);
HANDLER_IN(schedule);
HANDLER_IN(images);
HANDLER_IN(line_attach);
HANDLER_IN(wish_answer);

/* handle_broker.c */
HANDLER_BOTH(request_cap);
HANDLER_BOTH(grant);
HANDLER_IN(provide);
HANDLER_IN(allow);
HANDLER(ready);
HANDLER_IN(watch);
HANDLER_OUT(fetch);

/* handle_memory.c */
HANDLER_BOTH(sbrk);
HANDLER_BOTH(mmap);
HANDLER_IN(munmap);
HANDLER_IN(mprotect);
HANDLER_BOTH(mremap);
HANDLER_IN(populate);
HANDLER_IN(advise);
HANDLER_BOTH(object_create);
HANDLER_BOTH(object_slice);
HANDLER_IN(object_resize);
HANDLER_OUT(object_info);
HANDLER_BOTH(object_from_frame);
HANDLER(object_release);

/* handle_supply.c */
HANDLER_BOTH(object_supplied);
HANDLER_OUT(needs);
HANDLER_IN(supply);

/* handle_thread.c */
HANDLER_BOTH(thread_create);
HANDLER_IN(thread_exit);
HANDLER_BOTH(thread_join);
HANDLER_IN(futex_wait);
HANDLER_BOTH(futex_wake);
HANDLER_BOTH(futex_requeue);
HANDLER(yield);
HANDLER_IN(sleep);
HANDLER_IN(set_name);
HANDLER_IN(robust_list);

/* handle_signal.c */
HANDLER_BOTH(signal_post);
HANDLER_IN(signal_self);
HANDLER_BOTH(signal_fetch);
HANDLER_BOTH(signal_wait);
HANDLER(pause);
HANDLER_IN(stop_self);
HANDLER_IN(set_tags);
HANDLER_BOTH(get_tags);
HANDLER_IN(set_words);
HANDLER_BOTH(get_words);
HANDLER_BOTH(timer_set);

/* handle_info.c */
HANDLER_OUT(ps);
HANDLER_BOTH(usage);
HANDLER_OUT(system_info);
HANDLER_BOTH(maps);
HANDLER_BOTH(command_line);
HANDLER_IN(set_limit);
HANDLER_BOTH(get_limit);

/* handlers.c: all of them, and the kernel's fault messages. */
extern const struct factotum_ops factotum_ops;
status_t faults_dispatch(
	const void *ops, void *context, struct request *request);
