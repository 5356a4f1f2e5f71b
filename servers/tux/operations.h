/* SPDX-License-Identifier: MIT */
/* The messages of proto/tux.toml. */
#pragma once

#include <glenda/tux_server.h>

extern const struct tux_ops operations;
