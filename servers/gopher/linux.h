/* SPDX-License-Identifier: MIT */
/*
 * The numbers of Linux that clients of Gopher speak: error statuses, open
 * flags, file modes, poll bits, control commands and the structures that
 * travel in leases.  The names are Gopher's own, so that the host's headers
 * can be included beside them in unit tests.  asm-generic values, which
 * all architectures here share; what differs the shim translates.
 */
#pragma once

#include <stdint.h>

#include <glenda/file_stat.h>

/* Answers: -(4096 + errno). */
enum linux_error {
	ERR_PERM = -(4096 + 1),
	ERR_NOENT = -(4096 + 2),
	ERR_SRCH = -(4096 + 3),
	ERR_INTR = -(4096 + 4),
	ERR_IO = -(4096 + 5),
	ERR_NXIO = -(4096 + 6),
	ERR_BADF = -(4096 + 9),
	ERR_AGAIN = -(4096 + 11),
	ERR_NOMEM = -(4096 + 12),
	ERR_ACCES = -(4096 + 13),
	ERR_FAULT = -(4096 + 14),
	ERR_BUSY = -(4096 + 16),
	ERR_EXIST = -(4096 + 17),
	ERR_XDEV = -(4096 + 18),
	ERR_NODEV = -(4096 + 19),
	ERR_NOTDIR = -(4096 + 20),
	ERR_ISDIR = -(4096 + 21),
	ERR_INVAL = -(4096 + 22),
	ERR_NFILE = -(4096 + 23),
	ERR_MFILE = -(4096 + 24),
	ERR_NOTTY = -(4096 + 25),
	ERR_TXTBSY = -(4096 + 26),
	ERR_FBIG = -(4096 + 27),
	ERR_NOSPC = -(4096 + 28),
	ERR_SPIPE = -(4096 + 29),
	ERR_ROFS = -(4096 + 30),
	ERR_MLINK = -(4096 + 31),
	ERR_PIPE = -(4096 + 32),
	ERR_RANGE = -(4096 + 34),
	ERR_DEADLK = -(4096 + 35),
	ERR_NAMETOOLONG = -(4096 + 36),
	ERR_NOLCK = -(4096 + 37),
	ERR_NOSYS = -(4096 + 38),
	ERR_NOTEMPTY = -(4096 + 39),
	ERR_LOOP = -(4096 + 40),
	ERR_OVERFLOW = -(4096 + 75),
	ERR_OPNOTSUPP = -(4096 + 95),
	/* Not errors of Linux: the client stops itself and repeats. */
	ERR_STOP_INPUT = -(4096 + 512),
	ERR_STOP_OUTPUT = -(4096 + 513),
};

enum open_flag {
	OPEN_READ = 0,
	OPEN_WRITE = 1,
	OPEN_BOTH = 2,
	OPEN_ACCESS = 3,
	OPEN_CREATE = 0100,
	OPEN_EXCLUSIVE = 0200,
	OPEN_NOCTTY = 0400,
	OPEN_TRUNCATE = 01000,
	OPEN_APPEND = 02000,
	OPEN_NONBLOCK = 04000,
	OPEN_DSYNC = 010000,
	OPEN_ASYNC = 020000,
	OPEN_DIRECT = 040000,
	OPEN_LARGE = 0100000,
	OPEN_FOLDER = 0200000,
	OPEN_NOFOLLOW = 0400000,
	OPEN_NOATIME = 01000000,
	OPEN_CLOEXEC = 02000000,
	OPEN_PATH = 010000000,
	OPEN_TEMPORARY = 020000000,
	/* What F_SETFL may change. */
	OPEN_SETTABLE = OPEN_APPEND | OPEN_NONBLOCK | OPEN_ASYNC | OPEN_DIRECT |
		OPEN_NOATIME,
};

enum file_mode {
	MODE_TYPE = 0170000,
	MODE_SOCKET = 0140000,
	MODE_LINK = 0120000,
	MODE_FILE = 0100000,
	MODE_BLOCK = 0060000,
	MODE_FOLDER = 0040000,
	MODE_CHARACTER = 0020000,
	MODE_FIFO = 0010000,
	MODE_SETUID = 04000,
	MODE_SETGID = 02000,
	MODE_STICKY = 01000,
	MODE_PERMISSIONS = 07777,
};

enum access_bit {
	ACCESS_EXECUTE = 1,
	ACCESS_WRITE = 2,
	ACCESS_READ = 4,
};

enum poll_bit {
	POLL_IN = 0x001,
	POLL_PRI = 0x002,
	POLL_OUT = 0x004,
	POLL_ERR = 0x008,
	POLL_HUP = 0x010,
	POLL_NVAL = 0x020,
	POLL_RDNORM = 0x040,
	POLL_WRNORM = 0x100,
	POLL_RDHUP = 0x2000,
};

enum fcntl_command {
	FCNTL_GETFD = 1,
	FCNTL_SETFD = 2,
	FCNTL_GETFL = 3,
	FCNTL_SETFL = 4,
	FCNTL_GETLK = 5,
	FCNTL_SETLK = 6,
	FCNTL_SETLKW = 7,
	FCNTL_SETOWN = 8,
	FCNTL_GETOWN = 9,
	FCNTL_OFD_GETLK = 36,
	FCNTL_OFD_SETLK = 37,
	FCNTL_OFD_SETLKW = 38,
	FCNTL_SETPIPE_SZ = 1031,
	FCNTL_GETPIPE_SZ = 1032,
	FD_CLOEXEC_BIT = 1,
};

enum ioctl_command {
	IOCTL_TCGETS = 0x5401,
	IOCTL_TCSETS = 0x5402,
	IOCTL_TCSETSW = 0x5403,
	IOCTL_TCSETSF = 0x5404,
	IOCTL_TCSBRK = 0x5409,
	IOCTL_TCXONC = 0x540a,
	IOCTL_TCFLSH = 0x540b,
	IOCTL_TIOCEXCL = 0x540c,
	IOCTL_TIOCNXCL = 0x540d,
	IOCTL_TIOCSCTTY = 0x540e,
	IOCTL_TIOCGPGRP = 0x540f,
	IOCTL_TIOCSPGRP = 0x5410,
	IOCTL_TIOCOUTQ = 0x5411,
	IOCTL_TIOCSTI = 0x5412,
	IOCTL_TIOCGWINSZ = 0x5413,
	IOCTL_TIOCSWINSZ = 0x5414,
	IOCTL_FIONREAD = 0x541b,
	IOCTL_FIONBIO = 0x5421,
	IOCTL_TIOCNOTTY = 0x5422,
	IOCTL_TCSBRKP = 0x5425,
	IOCTL_TIOCGSID = 0x5429,
	IOCTL_FIONCLEX = 0x5450,
	IOCTL_FIOCLEX = 0x5451,
};

enum signal_number {
	SIGNAL_HUP = 1,
	SIGNAL_INT = 2,
	SIGNAL_QUIT = 3,
	SIGNAL_CONT = 18,
	SIGNAL_TSTP = 20,
	SIGNAL_WINCH = 28,
};

enum {
	PATH_BYTES = 4096,  /* a path with its NUL */
	NAME_BYTES = 255,   /* one component */
	LINK_LIMIT = 40,    /* symbolic links in one walk */
	PIPE_ATOMIC = 4096, /* PIPE_BUF */
};

struct linux_statfs {
	uint64_t type;
	uint64_t block_size;
	uint64_t blocks;
	uint64_t free_blocks;
	uint64_t available_blocks;
	uint64_t files;
	uint64_t free_files;
	uint32_t id[2];
	uint64_t name_length;
	uint64_t fragment_size;
	uint64_t flags;
	uint64_t spare[4];
};

struct linux_pollfd {
	int32_t fd;
	int16_t events;
	int16_t revents;
};

struct linux_flock {
	int16_t type;
	int16_t whence;
	int64_t start;
	int64_t length;
	int32_t pid;
};

struct linux_winsize {
	uint16_t rows;
	uint16_t columns;
	uint16_t x;
	uint16_t y;
};
