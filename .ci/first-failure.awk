# Passes the output of go test through and exits with 1 where it failed. The last
# line then names the failing package that the others stand on.
{ print; fflush() }
/^FAIL/ { failed = 1 }
/"Action":"fail"/ { failed = 1 }
/^FAIL[ \t]+causalgrad/ {
	split($2, part, "/")
	n = index("theory impl props golden reports", part[2])
	if (!lowest || n < lowest) { lowest = n; first = $2 }
}
END {
	if (first) print "read first: " first
	exit failed
}
