# SPDX-License-Identifier: MIT
# test: files, strings, numbers, combinations, errors.
touch f; mkdir d; ln -s f l; ln -s none dead; echo x >full; mkfifo p
for e in '-e f' '-f f' '-d d' '-d f' '-L l' '-h dead' '-e dead' '-s f' \
	'-s full' '-p p' '-c /dev/null' '-r f' '-w f' '-x f' '-x d' \
	'a = a' 'a != a' '-z x' '-n x' '1 -lt 2' '2 -le 1' '3 -eq 3' \
	'! -e f' 'a = a -a b = c' 'a = a -o b = c' 'full -ef full' \
	'f -ef l' 'x -eq 1'; do
	test $e; echo "$e: $?"
done
[ -n "" ]; echo $?
[ ]; echo $?
