/* SPDX-License-Identifier: MIT */
/*
 * A program that does all the harm it can, to itself and to whom it can
 * reach: it closes, unmaps and overwrites everything including the shim that
 * makes its system calls, makes random ones, and jumps into the shim with
 * hostile registers, to the instruction that calls the servers, too. A child
 * does it, a thousand deeds at most; the parent replaces children that die or
 * hang until the count is full, and fails only if it could not go on itself.
 *
 * usage: hostile self COUNT | calls COUNT SEED | window COUNT SEED
 */
#define _GNU_SOURCE
#include "victim.h"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534
#define DEEDS_PER_CHILD 1000
#define TICK_US 10000
#define PATIENCE_TICKS 8
#define SHIM_PROCESS (SHIM_BASE + 0x8000000)
#define SHIM_KITS (SHIM_BASE + 0x9000000)
#define SHIM_TEXT 0x20000
#define STACK_END (SHIM_BASE - 0x30001000)
#define CALL_MAX 470

static volatile uint32_t *done; /* shared with the parent */
static uint64_t random_state;
static char good[16384] __attribute__((aligned(4096)));

static uint64_t
random_next(void)
{
	uint64_t x = random_state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	random_state = x;
	return x * UINT64_C(0x2545f4914f6cdd1d);
}

static uint64_t
random_below(uint64_t limit)
{
	return random_next() % limit;
}

/* ---- arguments that nobody should pass ---- */

static const char *const strings[] = {
	"/",
	"x",
	"../../..",
	"/proc/self/maps",
	"/proc/self/fd",
	"/dev/null",
	"/dev/zero",
	"",
	"/bin/busybox",
	"/dev/urandom",
	"a/b/c",
};

static uint64_t
address_random(void)
{
	static const uint64_t edges[] = {
		SHIM_BASE,
		SHIM_PROCESS,
		SHIM_KITS,
		SHIM_KITS + 0x10000,
		USER_END,
		USER_END - 8,
		STACK_END,
		KERNEL_BASE,
		KERNEL_IMAGE,
		0x200000,
		0x10000,
	};

	switch (random_below(4)) {
	case 0:
		return edges[random_below(sizeof(edges) / sizeof(*edges))] +
			random_below(64) * 8 - 256;
	case 1:
		return SHIM_BASE + random_below(SHIM_TEXT);
	case 2:
		return random_next();
	default:
		return (uint64_t)good + random_below(sizeof(good));
	}
}

static uint64_t
argument_random(void)
{
	switch (random_below(9)) {
	case 0:
		return 0;
	case 1:
		return ~UINT64_C(0) - random_below(4);
	case 2:
		return random_below(16);
	case 3:
		return (uint64_t)good + random_below(4) * 4096;
	case 4:
		return (uint64_t)strings[random_below(
			sizeof(strings) / sizeof(*strings))];
	case 5:
		return UINT64_C(1) << random_below(64);
	case 6:
		return random_below(1 << 20);
	case 7:
		return (uint64_t)(int64_t)-100; /* AT_FDCWD */
	default:
		return address_random();
	}
}

/* ---- random system calls ---- */

/* Those that only end the child or make it wait are wanted rarely. */
static int
is_dull(long number)
{
	return number == SYS_exit || number == SYS_exit_group ||
		number == SYS_rt_sigsuspend || number == SYS_ppoll ||
		number == SYS_pselect6 || number == SYS_rt_sigtimedwait ||
		number == SYS_nanosleep || number == SYS_clock_nanosleep ||
		number == SYS_rt_sigreturn || number == SYS_futex ||
		number == SYS_execve || number == SYS_execveat ||
		number == SYS_epoll_pwait || number == SYS_clone ||
		number == SYS_kill;
}

static void
deed_call(void)
{
	uint64_t a[6];
	long number;

	do
		number = (long)random_below(CALL_MAX);
	while (is_dull(number) && random_below(20));
	if (random_below(50) == 0)
		number = (long)random_next();
	for (int i = 0; i < 6; i++)
		a[i] = argument_random();
	syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* ---- what a program can do to itself ---- */

static void
shim_write(void)
{
	static const uint64_t places[] = {
		SHIM_BASE,
		SHIM_PROCESS,
		SHIM_KITS,
		SHIM_KITS + 0x1000,
	};
	uint64_t *victim = (uint64_t *)places[random_below(4)];

	for (unsigned i = 0; i < 128; i++)
		victim[i] = random_below(2) ? 0 : random_next();
}

static void
shim_remap(void)
{
	uint64_t start = random_below(2) ? SHIM_BASE : SHIM_PROCESS;
	void *at = (void *)(start + random_below(16) * 4096);
	int prot = PROT_READ | PROT_WRITE | PROT_EXEC;

	mprotect(at, 4096 << random_below(6), prot);
	mmap(at, 65536, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	mremap(at, 4096, 8192, MREMAP_MAYMOVE);
	madvise(at, 65536, MADV_DONTNEED);
	syscall(SYS_read, open("/dev/zero", O_RDONLY), at, 4096);
	munmap(at, 65536);
}

static void
close_all(void)
{
	for (int i = 0; i < 1024; i++)
		close(i);
}

static void
unmap_all(void)
{
	for (uint64_t at = 0; at < USER_END; at += USER_END / 256)
		munmap((void *)at, USER_END / 256);
}

static void
deed_self(void)
{
	switch (random_below(5)) {
	case 0:
		shim_write();
		break;
	case 1:
		shim_remap();
		break;
	case 2:
		close_all();
		break;
	case 3:
		munmap((void *)SHIM_BASE, USER_END - SHIM_BASE);
		break;
	default:
		unmap_all();
	}
}

/* ---- jumps into the shim ---- */

/* Load the registers of a message from twelve words and go to target. */
void shim_jump(uint64_t target, const uint64_t *w);

/* A place in the shim where it calls the kernel; 0 if none can be seen. */
static uint64_t
gadget_find(void)
{
	static const unsigned char call[] = CALL_BYTES;
	static uint64_t gadgets[512];
	static unsigned count;
	const unsigned char *text = (const unsigned char *)SHIM_BASE;

	if (count)
		return gadgets[random_below(count)];
	for (unsigned i = 0; i < SHIM_TEXT / 2; i += CALL_ALIGN) {
		if (memcmp(text + i, call, sizeof(call)) == 0 && count < 512)
			gadgets[count++] = (uint64_t)&text[i];
	}
	return count ? gadgets[random_below(count)] : 0;
}

/* Protocol and method of some message to Factotum, Gopher, Tux or a TCB. */
static uint64_t
info_random(void)
{
	static const uint32_t protocols[] = {0x100, 0x200, 0x300, 3, 5, 15};
	uint64_t label =
		(uint64_t)protocols[random_below(6)] << 16 | random_below(80);

	return label << 16 | random_below(8) << 9 | random_below(5) << 6 |
		random_below(41);
}

static void
deed_jump(void)
{
	uint64_t w[12], target = SHIM_BASE + random_below(SHIM_TEXT / 2) * 2;

	for (int i = 0; i < 12; i++)
		w[i] = argument_random();
	if (random_below(4)) {
		target = gadget_find();
		w[0] = random_below(12);
		w[1] = info_random();
		w[7] = random_below(7);
	}
	shim_jump(target, w);
}

/* ---- parent and child ---- */

static void
ignore_alarm(int number)
{
	(void)number;
}

static void
child_prepare(void)
{
	struct itimerval often = {{0, TICK_US}, {0, TICK_US}};
	struct rlimit few = {40, 40};
	int null = open("/dev/null", O_RDWR);

	setsid();
	for (int i = 0; i < 3; i++)
		dup2(null, i);
	setrlimit(RLIMIT_NPROC, &few);
	setgroups(0, NULL);
	if (setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
		setresuid(NOBODY, NOBODY, NOBODY) < 0)
		_exit(1);
	signal(SIGALRM, ignore_alarm);
	setitimer(ITIMER_REAL, &often, NULL);
}

static void
child_run(void (*deed)(void), uint32_t until, uint64_t seed)
{
	random_state = seed;
	child_prepare();
	for (int i = 0; i < DEEDS_PER_CHILD && *done < until; i++) {
		__atomic_add_fetch(done, 1, __ATOMIC_SEQ_CST);
		deed();
	}
	_exit(0);
}

/* Wait for the child; kill it when it gets nowhere. */
static void
child_watch(pid_t pid)
{
	uint32_t seen = *done;
	int quiet = 0;

	while (waitpid(pid, NULL, WNOHANG) != pid) {
		usleep(1000);
		quiet = seen == *done ? quiet + 1 : 0;
		seen = *done;
		if (quiet < PATIENCE_TICKS * TICK_US / 1000)
			continue;
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		return;
	}
}

/* What the children's children left behind goes with their user. */
static void
nobody_sweep(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (setresuid(NOBODY, NOBODY, NOBODY) == 0)
			kill(-1, SIGKILL);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

int
main(int argc, char **argv)
{
	uint32_t until = argc > 2 ? (uint32_t)atoi(argv[2]) : 0;
	uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 0) : 1;
	void (*deed)(void) = deed_self;
	unsigned children = 0;

	if (!until)
		return 2;
	if (strcmp(argv[1], "calls") == 0)
		deed = deed_call;
	else if (strcmp(argv[1], "window") == 0)
		deed = deed_jump;
	done = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	printf("%s: %u deeds, seed %llu\n", argv[1], until,
		(unsigned long long)seed);
	fflush(stdout);
	while (*done < until) {
		pid_t pid = fork();

		if (pid == 0)
			child_run(deed, until,
				(seed + 1) * 0x9e3779b97f4a7c15 + children);
		if (pid > 0)
			child_watch(pid);
		if (++children % 64 == 0 || pid < 0)
			nobody_sweep();
	}
	nobody_sweep();
	printf("%s: %u children\n", argv[1], children);
	return 0;
}
