# SPDX-License-Identifier: MIT
# grep: basic, extended, fixed, counts, context, files, statuses.
printf 'one\ntwo\nThree\nfour 4\n\ntwo two\n' >f; echo two >g
grep two f; grep -c two f; grep -n o f; grep -v o f; grep -i three f
grep -E '^(one|four)' f; grep -F 'o t' f; grep -w two f; grep -o 't[a-z]' f
grep -l two f g; grep two f g; grep -h two f g; grep -A1 -B1 Three f
grep -q nothing f; echo $?; grep x nofile; echo $?; grep -s x nofile; echo $?
grep -m 1 two f; grep -x two f; grep -r two . | sort; grep '[[:digit:]]' f
grep -L two f g; grep -e one -e Three f; grep '\(t\)wo \1' f
