# Makes C of SQL files: an enum of their names and a table of their texts, in
# the order given. -v prefix=store_sql names both. What several share is a file
# beside them, which stands where they say `-- include FILE`.
#
# awk -v prefix=NAME -f sql2c.awk FILE... > NAME.h

function name_of(path) {
	sub(/.*\//, "", path)
	sub(/\.sql$/, "", path)
	return path
}

function add(line) {
	gsub(/\\/, "\\\\", line)
	gsub(/"/, "\\\"", line)
	text[n] = text[n] "\t \"" line "\\n\"\n"
}

function include(path, line, rc) {
	while ((rc = (getline line < path)) > 0)
		add(line)
	close(path)
	if (rc < 0) {
		print FILENAME ": cannot read " path >"/dev/stderr"
		exit failed = 1
	}
}

FNR == 1 {
	n++
	name[n] = name_of(FILENAME)
}

/^-- include / {
	folder = FILENAME
	sub(/[^\/]*$/, "", folder)
	include(folder $3)
	next
}

{
	add($0)
}

END {
	if (failed)
		exit 1
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
