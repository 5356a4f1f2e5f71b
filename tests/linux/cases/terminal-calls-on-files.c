/* SPDX-License-Identifier: MIT */
/* Terminal calls on what is no terminal are ENOTTY. */
#include "check.h"
#include <sys/ioctl.h>
#include <termios.h>

int
main(void)
{
	struct termios modes;
	struct winsize size;
	int fds[2];

	NEED(pipe(fds));
	SHOW(isatty(0));
	SHOW(tcgetattr(fds[0], &modes));
	SHOW(ioctl(fds[0], TIOCGWINSZ, &size));
	SHOW(tcgetpgrp(fds[0]));
	SHOW(ioctl(open("/dev/null", O_RDONLY), TCGETS, &modes));
	SHOW(ioctl(99, TCGETS, &modes));
	SHOW_OK(open("/dev/tty", O_RDWR));
	return 0;
}
