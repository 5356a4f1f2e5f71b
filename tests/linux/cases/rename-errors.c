/* SPDX-License-Identifier: MIT */
/* rename's rules for files, folders, links and itself. */
#include "check.h"

int
main(void)
{
	NEED(mkdir("d", 0755));
	NEED(mkdir("d/sub", 0755));
	NEED(mkdir("e", 0755));
	NEED(close(open("f", O_WRONLY | O_CREAT, 0644)));
	NEED(close(open("g", O_WRONLY | O_CREAT, 0644)));
	NEED(link("f", "hard"));
	SHOW(rename("f", "d"));
	SHOW(rename("d", "f"));
	SHOW(rename("d", "d/sub/x"));
	SHOW(rename("e", "d"));
	SHOW(rename("d", "e"));
	SHOW(access("e/sub", F_OK));
	SHOW(rename("nothing", "x"));
	SHOW(rename("f", "nothing/x"));
	SHOW(rename("f", "g/x"));
	SHOW(rename("f", "f"));
	SHOW(rename("f", "hard"));
	SHOW(access("f", F_OK));
	SHOW(rename("f", "g"));
	SHOW(access("f", F_OK));
	SHOW(rename("e", "."));
	SHOW(rename("", "x"));
	SHOW(link("e", "hard-folder"));
	SHOW(link("g", "hard"));
	return 0;
}
