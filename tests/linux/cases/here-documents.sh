# SPDX-License-Identifier: MIT
# Here-documents: expansion, quoting, tabs, two at once, large.
v=value
cat <<END
plain $v $(echo sub) $((1 + 2))
END
cat <<'END'
quoted $v $(echo sub)
END
	cat <<-END
	tabs	stripped
	END
cat <<A; cat <<B
first
A
second
B
big=$(seq 1 30000)
cat <<END | md5sum
$big
END
