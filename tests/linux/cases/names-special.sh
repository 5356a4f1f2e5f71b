# SPDX-License-Identifier: MIT
# Names that look like options and globs are handled by -- and quotes.
touch -- -rf '*' '?' '[a]' '\'
ls -1 | sort
rm -- -rf '*'
ls -1 | sort
