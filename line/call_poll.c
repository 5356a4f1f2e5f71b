/* SPDX-License-Identifier: MIT */
/*
 * Waiting for descriptors: ppoll, pselect6, epoll, and the descriptors that
 * exist to be waited for.
 */
#include <glenda/gopher_client.h>

#include "calls.h"
#include "clock.h"
#include "file_call.h"
#include "memory.h"
#include "signal.h"
#include "user.h"

struct pollfd {
	int32_t fd;
	int16_t events;
	int16_t revents;
};

#define POLL_MAX 8192	 /* descriptors of one ppoll */
#define SELECT_BITS 1024 /* the highest descriptor of one pselect6 */
#define SELECT_MAX 512	 /* descriptors that one pselect6 names */
#define SIGSET_BYTES 8

enum {
	POLLIN = 0x001,
	POLLPRI = 0x002,
	POLLOUT = 0x004,
	POLLERR = 0x008,
	POLLHUP = 0x010,
	POLLNVAL = 0x020,
};

static uint64_t
deadline_of(const struct line_thread *thread, const struct linux_timespec *t)
{
	if (t->seconds == 0 && t->nanoseconds == 0)
		return DEADLINE_PAST;
	return clock_deadline(thread->process, t);
}

/* An optional limit of a wait as a deadline. */
static int64_t
take_deadline(struct line_thread *thread, uint64_t address, uint64_t *deadline)
{
	struct linux_timespec t;
	int64_t result;

	*deadline = DEADLINE_NEVER;
	if (!address)
		return 0;
	result = timespec_read(address, &t);
	if (result < 0)
		return result;
	*deadline = deadline_of(thread, &t);
	return 0;
}

static struct linux_timespec
rest_of(const struct line_thread *thread, uint64_t deadline)
{
	uint64_t now = clock_ticks();

	return clock_span(thread->process, deadline > now ? deadline - now : 0);
}

/* What is left of the time goes back to the program, as Linux does it. */
static void
put_rest(struct line_thread *thread, uint64_t address, uint64_t deadline)
{
	const struct linux_timespec rest = rest_of(thread, deadline);

	if (address)
		user_write(address, &rest, sizeof(rest));
}

/*
 * Put the call's own signal mask in place. The old one comes back by
 * mask_end, or at the delivery of the signal that interrupted the call.
 */
static int64_t
mask_begin(struct line_thread *thread, uint64_t address, uint64_t bytes)
{
	uint64_t mask;

	if (!address)
		return 0;
	if (bytes != SIGSET_BYTES)
		return -EINVAL;
	if (user_read(&mask, address, sizeof(mask)) < 0)
		return -EFAULT;
	thread->saved_mask = line_utcb(thread)->user[USER_MASK];
	thread->saved_mask_valid = true;
	signal_mask_set(thread, mask);
	return 0;
}

static int64_t
mask_end(struct line_thread *thread, int64_t result)
{
	/* A restart that no signal explains goes on in dispatch. */
	bool keep = result == RESTART_NOHAND && signal_waits(thread);

	if (thread->saved_mask_valid && !keep) {
		thread->saved_mask_valid = false;
		signal_mask_set(thread, thread->saved_mask);
	}
	return result;
}

/*
 * Once a signal waits, Gopher's wait would be cut short by nothing: it was
 * made pending before, while the mask hid it. Then only look.
 */
static uint64_t
signal_deadline(struct line_thread *thread, uint64_t deadline)
{
	return signal_waits(thread) ? DEADLINE_PAST : deadline;
}

static int64_t
wait_result(struct line_thread *thread, status_t status, uint32_t ready)
{
	if (status == STATUS_TIMED_OUT) {
		status = STATUS_OK;
		ready = 0;
	}
	if (status < 0) {
		int64_t result = line_restartable(status);

		return result == RESTART_SYS ? RESTART_NOHAND : result;
	}
	if (ready == 0 && signal_waits(thread))
		return RESTART_NOHAND;
	return ready;
}

static int64_t
poll(struct line_thread *thread, struct pollfd *fds, size_t count,
	uint64_t deadline)
{
	uint32_t ready = 0;
	status_t status =
		gopher_poll(CAP_GOPHER, signal_deadline(thread, deadline), fds,
			count * sizeof(*fds), &ready);

	return wait_result(thread, status, ready);
}

int64_t
sys_ppoll(struct line_thread *thread, const uint64_t *args)
{
	uint64_t count = (uint32_t)args[1];
	uint64_t deadline;
	int64_t result = take_deadline(thread, args[2], &deadline);

	if (result == 0 && count > POLL_MAX)
		result = -EINVAL;
	if (result == 0)
		result = mask_begin(thread, args[3], args[4]);
	if (result < 0)
		return result;
	result = poll(thread, (struct pollfd *)args[0], count, deadline);
	put_rest(thread, args[2], deadline);
	return mask_end(thread, result);
}

static uint64_t
milliseconds_deadline(const struct line_thread *thread, int32_t ms)
{
	const struct linux_timespec t = {
		ms / 1000, ms % 1000 * INT64_C(1000000)};

	if (ms < 0)
		return DEADLINE_NEVER;
	return ms ? clock_deadline(thread->process, &t) : DEADLINE_PAST;
}

/* Repeated after a signal without a handler, it has the first limit still. */
int64_t
sys_poll(struct line_thread *thread, const uint64_t *args)
{
	uint64_t count = (uint32_t)args[1];
	int32_t ms = (int32_t)args[2];
	int64_t result;

	if (count > POLL_MAX)
		return -EINVAL;
	if (!thread->restart_deadline)
		thread->restart_deadline = milliseconds_deadline(thread, ms);
	result = poll(thread, (struct pollfd *)args[0], count,
		thread->restart_deadline);
	if (result == RESTART_NOHAND)
		return RESTART_BLOCK;
	thread->restart_deadline = 0;
	return result;
}

/* The three sets of select as words of 64 descriptors each. */
struct select {
	uint64_t address[3];
	uint64_t set[3][SELECT_BITS / 64];
	uint32_t limit; /* descriptors below */
	uint32_t words;
};

static const int16_t select_asks[3] = {POLLIN, POLLOUT, POLLPRI};
static const int16_t select_means[3] = {
	POLLIN | POLLHUP | POLLERR,
	POLLOUT | POLLERR,
	POLLPRI,
};

static int64_t
select_read(struct select *s, const uint64_t *args)
{
	if ((int32_t)args[0] < 0)
		return -EINVAL;
	s->limit = (uint32_t)args[0];
	if (s->limit > SELECT_BITS)
		s->limit = SELECT_BITS;
	s->words = (s->limit + 63) / 64;
	for (unsigned i = 0; i < 3; i++) {
		s->address[i] = args[1 + i];
		memset(s->set[i], 0, sizeof(s->set[i]));
		if (s->address[i] &&
			user_read(s->set[i], s->address[i], s->words * 8ul) < 0)
			return -EFAULT;
	}
	return 0;
}

static int16_t
select_events(const struct select *s, uint32_t fd)
{
	int16_t events = 0;

	for (unsigned i = 0; i < 3; i++) {
		if (s->set[i][fd / 64] >> fd % 64 & 1)
			events |= select_asks[i];
	}
	return events;
}

static int64_t
select_descriptors(const struct select *s, struct pollfd *fds)
{
	uint32_t count = 0;

	for (uint32_t fd = 0; fd < s->limit; fd++) {
		int16_t events = select_events(s, fd);

		if (!events)
			continue;
		if (count == SELECT_MAX)
			return -ENOMEM;
		fds[count++] = (struct pollfd){(int32_t)fd, events, 0};
	}
	return count;
}

/* How many bits the answers set; -EBADF for a descriptor that is not open. */
static int64_t
select_collect(struct select *s, const struct pollfd *fds, uint32_t count)
{
	struct select asked = *s;
	int64_t ready = 0;

	memset(s->set, 0, sizeof(s->set));
	for (uint32_t k = 0; k < count; k++) {
		uint32_t fd = (uint32_t)fds[k].fd;
		uint64_t bit = UINT64_C(1) << fd % 64;

		if (fds[k].revents & POLLNVAL)
			return -EBADF;
		for (unsigned i = 0; i < 3; i++) {
			if (!(asked.set[i][fd / 64] & bit) ||
				!(fds[k].revents & select_means[i]))
				continue;
			s->set[i][fd / 64] |= bit;
			ready++;
		}
	}
	return ready;
}

static int64_t
select_write(const struct select *s)
{
	for (unsigned i = 0; i < 3; i++) {
		if (s->address[i] &&
			user_write(s->address[i], s->set[i], s->words * 8ul) <
				0)
			return -EFAULT;
	}
	return 0;
}

static int64_t
select_wait(struct line_thread *thread, struct select *s, uint64_t deadline)
{
	struct pollfd fds[SELECT_MAX];
	int64_t count = select_descriptors(s, fds);
	int64_t result;

	if (count < 0)
		return count;
	result = poll(thread, fds, (size_t)count, deadline);
	if (result < 0)
		return result;
	result = select_collect(s, fds, (uint32_t)count);
	if (result < 0)
		return result;
	return select_write(s) < 0 ? -EFAULT : result;
}

int64_t
sys_pselect6(struct line_thread *thread, const uint64_t *args)
{
	uint64_t mask[2] = {0, 0}; /* address and size */
	struct select s;
	uint64_t deadline;
	int64_t result = take_deadline(thread, args[4], &deadline);

	if (result == 0)
		result = select_read(&s, args);
	if (result == 0 && args[5] && user_read(mask, args[5], 16) < 0)
		result = -EFAULT;
	if (result == 0)
		result = mask_begin(thread, mask[0], mask[1]);
	if (result < 0)
		return result;
	result = select_wait(thread, &s, deadline);
	put_rest(thread, args[4], deadline);
	return mask_end(thread, result);
}

int64_t
sys_select(struct line_thread *thread, const uint64_t *args)
{
	struct linux_timespec rest, t;
	struct linux_timeval limit;
	uint64_t deadline = DEADLINE_NEVER;
	struct select s;
	int64_t result;

	if (args[4]) {
		if (user_read(&limit, args[4], sizeof(limit)) < 0)
			return -EFAULT;
		if (limit.seconds < 0 || limit.microseconds < 0)
			return -EINVAL;
		t.seconds = limit.seconds +
			limit.microseconds / (int64_t)MICROSECONDS;
		t.nanoseconds =
			limit.microseconds % (int64_t)MICROSECONDS * 1000;
		deadline = deadline_of(thread, &t);
	}
	result = select_read(&s, args);
	if (result < 0)
		return result;
	result = select_wait(thread, &s, deadline);
	if (args[4]) {
		rest = rest_of(thread, deadline);
		limit.seconds = rest.seconds;
		limit.microseconds = rest.nanoseconds / 1000;
		user_write(args[4], &limit, sizeof(limit));
	}
	return result;
}

int64_t
sys_epoll_create1(struct line_thread *thread, const uint64_t *args)
{
	uint32_t fd;
	status_t status;

	(void)thread;
	if (args[0] & ~(uint64_t)O_CLOEXEC)
		return -EINVAL;
	status = gopher_epoll_create(CAP_GOPHER, (uint32_t)args[0], &fd);
	return status < 0 ? line_errno(status) : (int64_t)fd;
}

int64_t
sys_epoll_ctl(struct line_thread *thread, const uint64_t *args)
{
	enum { EPOLL_CTL_DEL = 2 };
	struct linux_epoll_event event = {0};

	(void)thread;
	if ((uint32_t)args[1] != EPOLL_CTL_DEL &&
		user_read(&event, args[3], sizeof(event)) < 0)
		return -EFAULT;
	return line_errno(gopher_epoll_control(CAP_GOPHER, fd_word(args[0]),
		(uint32_t)args[1], fd_word(args[2]), event.events, event.data));
}

/* The form in which Gopher tells events, and how many at most at once. */
struct told_event {
	uint32_t events;
	uint32_t pad;
	uint64_t data;
};
#define EVENTS_MAX 64

static int64_t
events_put(uint64_t address, const struct told_event *told, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct linux_epoll_event event = {0};

		event.events = told[i].events;
		event.data = told[i].data;
		if (user_write(address + i * sizeof(event), &event,
			    sizeof(event)) < 0)
			return -EFAULT;
	}
	return 0;
}

static int64_t
epoll_wait(struct line_thread *thread, const uint64_t *args, uint64_t deadline)
{
	struct told_event told[EVENTS_MAX] = {0};
	uint64_t most = args[2] < EVENTS_MAX ? args[2] : EVENTS_MAX;
	uint32_t count = 0;
	int64_t result;
	status_t status;

	/* Edges that were told cannot be told again. */
	if (user_probe(args[1], most * sizeof(struct linux_epoll_event)) < 0)
		return -EFAULT;
	status = gopher_epoll_wait(CAP_GOPHER, fd_word(args[0]),
		signal_deadline(thread, deadline), told, most * sizeof(told[0]),
		&count);
	result = wait_result(thread, status, count);
	if (result > 0 && events_put(args[1], told, (uint32_t)result) < 0)
		return -EFAULT;
	return result;
}

/* A wait for events is not repeated: EINTR, whoever interrupted it. */
static int64_t
epoll_masked(
	struct line_thread *thread, const uint64_t *args, uint64_t deadline)
{
	int64_t result = 0;

	if ((int32_t)args[2] <= 0)
		return -EINVAL;
	result = mask_begin(thread, args[4], args[5]);
	if (result < 0)
		return result;
	return mask_end(thread, epoll_wait(thread, args, deadline));
}

int64_t
sys_epoll_pwait(struct line_thread *thread, const uint64_t *args)
{
	return epoll_masked(
		thread, args, milliseconds_deadline(thread, (int32_t)args[3]));
}

int64_t
sys_epoll_pwait2(struct line_thread *thread, const uint64_t *args)
{
	uint64_t deadline;
	int64_t result = take_deadline(thread, args[3], &deadline);

	return result < 0 ? result : epoll_masked(thread, args, deadline);
}

int64_t
sys_eventfd2(struct line_thread *thread, const uint64_t *args)
{
	uint32_t fd;
	status_t status;

	(void)thread;
	status = gopher_eventfd(
		CAP_GOPHER, (uint32_t)args[0], (uint32_t)args[1], &fd);
	return status < 0 ? line_errno(status) : (int64_t)fd;
}

int64_t
sys_timerfd_create(struct line_thread *thread, const uint64_t *args)
{
	uint32_t fd;
	status_t status;

	(void)thread;
	status = gopher_timerfd_create(
		CAP_GOPHER, (uint32_t)args[0], (uint32_t)args[1], &fd);
	return status < 0 ? line_errno(status) : (int64_t)fd;
}

/* struct itimerspec. */
struct interval {
	struct linux_timespec period;
	struct linux_timespec value;
};

static uint64_t
span_ticks(const struct line_thread *thread, const struct linux_timespec *t)
{
	return line_ticks(thread->process, (uint64_t)t->seconds,
		(uint64_t)t->nanoseconds);
}

/*
 * When the timer first expires, in ticks of the clock. Gopher knows which
 * clock the descriptor counts, the shim does not: a moment that lies beyond
 * this machine's epoch is one of the calendar.
 */
static uint64_t
first_expiry(const struct line_thread *thread, const struct linux_timespec *t,
	bool absolute)
{
	uint64_t ticks = span_ticks(thread, t);
	uint64_t base = line_realtime_ticks(thread->process);

	if (ticks == 0)
		return 0;
	if (!absolute)
		return clock_ticks() + ticks;
	if (base && ticks >= base)
		return ticks - base ? ticks - base : DEADLINE_PAST;
	return ticks;
}

int64_t
sys_timerfd_settime(struct line_thread *thread, const uint64_t *args)
{
	enum { TFD_TIMER_ABSTIME = 1 };
	struct interval in, out;
	uint64_t left, period;
	status_t status;

	if (args[1] & ~(uint64_t)TFD_TIMER_ABSTIME)
		return -EINVAL;
	if (timespec_read(args[2], &in.period) == -EFAULT ||
		timespec_read(args[2] + sizeof(in.period), &in.value) ==
			-EFAULT)
		return -EFAULT;
	if (timespec_read(args[2], &in.period) < 0 ||
		timespec_read(args[2] + sizeof(in.period), &in.value) < 0)
		return -EINVAL;
	status = gopher_timerfd_set(CAP_GOPHER, fd_word(args[0]),
		first_expiry(thread, &in.value, args[1] & TFD_TIMER_ABSTIME),
		span_ticks(thread, &in.period), &left, &period);
	if (status < 0)
		return line_errno(status);
	if (!args[3])
		return 0;
	out.value = clock_span(thread->process, left);
	out.period = clock_span(thread->process, period);
	return user_write(args[3], &out, sizeof(out));
}
