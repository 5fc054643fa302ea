# Makes C of a style sheet: a table of its lines.
#
# awk -v name=NAME -f css2c.awk FILE > NAME.h

BEGIN {
	print "/* Made by reports/css2c.awk. */"
	print "static const char *const " name "_lines[] = {"
}

{
	gsub(/\\/, "\\\\")
	gsub(/"/, "\\\"")
	print "\t\"" $0 "\\n\","
}

END {
	print "};"
}
