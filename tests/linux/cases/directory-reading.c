/* SPDX-License-Identifier: MIT */
/* getdents lists every name once with its type, and rewinds. */
#include "check.h"
#include <dirent.h>

static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

int
main(void)
{
	char names[300][24];
	int count = 0;
	struct dirent *entry;

	NEED(mkdir("d", 0755));
	NEED(mkdir("d/folder", 0755));
	NEED(symlink("x", "d/link"));
	NEED(mkfifo("d/pipe", 0600));
	for (int i = 0; i < 200; i++) {
		char name[24];
		snprintf(name, sizeof name, "d/file%d", i);
		NEED(close(open(name, O_WRONLY | O_CREAT, 0600)));
	}
	DIR *dir = opendir("d");
	while ((entry = readdir(dir)) && count < 300)
		snprintf(names[count++], 24, "%.15s %d", entry->d_name,
			entry->d_type);
	qsort(names, (size_t)count, sizeof names[0], compare);
	printf("%d: %s, %s, %s, %s, %s\n", count, names[0], names[1], names[2],
		names[count - 3], names[count - 1]);
	rewinddir(dir);
	int again = 0;
	while (readdir(dir))
		again++;
	printf("again %d\n", again);
	char buffer[64];
	SHOW(syscall(SYS_getdents64, dirfd(dir), buffer, 8));
	rewinddir(dir);
	SHOW(syscall(SYS_getdents64, dirfd(dir), buffer, 8));
	SHOW(syscall(SYS_getdents64, 1, buffer, 64));
	SHOW(syscall(SYS_getdents64, 99, buffer, 64));
	return 0;
}
