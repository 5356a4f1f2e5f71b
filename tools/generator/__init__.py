# SPDX-License-Identifier: MIT
"""The interface generator's parts: schema checks, then one writer each for
the kernel's interface, for server protocols and for the reference pages."""
