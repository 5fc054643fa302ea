# Makes C of SQL files: an enum of their names and a table of their texts, in
# the order given. -v prefix=store_sql names both.
#
# awk -v prefix=NAME -f sql2c.awk FILE... > NAME.h

function name_of(path) {
	sub(/.*\//, "", path)
	sub(/\.sql$/, "", path)
	return path
}

FNR == 1 {
	n++
	name[n] = name_of(FILENAME)
}

{
	line = $0
	gsub(/\\/, "\\\\", line)
	gsub(/"/, "\\\"", line)
	text[n] = text[n] "\t \"" line "\\n\"\n"
}

END {
	upper = toupper(prefix)
	print "/* Made by schema/sql2c.awk. */"
	print "enum " prefix " {"
	for (i = 1; i <= n; i++)
		print "\t" upper "_" toupper(name[i]) ","
	print "\t" upper "_N"
	print "};\n"
	print "static const struct {"
	print "\tconst char *name;"
	print "\tconst char *text;"
	print "} " prefix "_table[] = {"
	for (i = 1; i <= n; i++)
		print "\t{\"" name[i] "\",\n" text[i] "\t},"
	print "};"
}
