/* SPDX-License-Identifier: MIT */
/* uname, sysinfo, sysconf and getrandom answer sensibly. */
#include "check.h"
#include <sys/random.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>

int
main(void)
{
	struct utsname name;
	struct sysinfo info;
	unsigned char bytes[256];
	int different = 0;

	NEED(uname(&name));
	printf("%s %s %d %d %d\n", name.sysname, name.machine,
		name.release[0] != 0, name.version[0] != 0,
		name.nodename[0] != 0);
	NEED(sysinfo(&info));
	printf("%d %d %d\n", info.totalram * info.mem_unit > 1 << 20,
		info.freeram <= info.totalram, info.procs > 0);
	SHOW(sysconf(_SC_PAGESIZE));
	SHOW(sysconf(_SC_CLK_TCK));
	SHOW(sysconf(_SC_NPROCESSORS_ONLN));
	SHOW(getrandom(bytes, sizeof bytes, 0));
	for (int i = 1; i < 256; i++)
		different += bytes[i] != bytes[0];
	printf("random %d\n", different > 200);
	SHOW(getrandom(bytes, 16, 12345));
	return 0;
}
