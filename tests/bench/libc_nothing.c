/* SPDX-License-Identifier: MIT */
/* What fork+exec of a static C library program starts: it does nothing. */
int
main(void)
{
	return 0;
}
