# SPDX-License-Identifier: MIT
# case: patterns, alternatives, classes, default, quoted patterns.
for w in apple Banana 42 '*' 'a b' ''; do
	case $w in
	a*\ *) echo "spaced $w" ;;
	[a-z]*) echo "lower $w" ;;
	[A-Z]* | Z) echo "upper $w" ;;
	[0-9]*) echo "digit $w" ;;
	'*') echo star ;;
	*) echo "other <$w>" ;;
	esac
done
