#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Who reads the store keeps nobody from writing to it, however long it takes,
# and is kept waiting by nobody.

here=$(dirname "$0")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"

store=$dir/store.db
all='--suspected --exempt --corrected'

report() {
	"$build/reports/watcher-report" -s "$store" "$@"
}

# shell SQL...: the sqlite3 shell, which waits for nobody.
shell() {
	sqlite3 -bail -cmd '.timeout 0' "$store" "$@"
}

# record ENDED: SQL for another incident, that of the highest number and one.
record() {
	echo "CREATE TEMP TABLE another AS SELECT * FROM incident
			ORDER BY incident_id DESC LIMIT 1;
		UPDATE another SET incident_id = incident_id + 1,
			id_job = id_job + 1, ended = $1;
		INSERT INTO incident SELECT * FROM another;
		DROP TABLE another;"
}

# soon COMMAND...: whether it succeeds within ten seconds.
soon() {
	for _ in $(seq 100); do
		"$@" && return
		sleep 0.1
	done
	return 1
}

# count: how many incidents an export has.
count() {
	# shellcheck disable=SC2086 # several words
	report export $all --format jsonl | wc -l
}

# is_cut: whether all that was written could be taken over into the store, and
# the -wal file be cut to nothing.
is_cut() {
	[ "$(shell 'PRAGMA wal_checkpoint(TRUNCATE)')" = '0|0|0' ]
}

# A reader that has stopped reading is one that has not: it gets what was
# recorded when it began.
test_slow_reader() {
	mkfifo "$dir/pipe"
	# shellcheck disable=SC2086 # several words
	report export $all --format jsonl >"$dir/pipe" &
	export=$!
	exec 3<"$dir/pipe"
	head -c 1 <&3 >"$dir/lines"
	# The export has read more than the pipe holds, and waits.
	kill -STOP "$export"
	check 'slow reader: others write' shell "$(record 1732924800)
		$(record 1796083200)"
	kill -CONT "$export"
	check 'slow reader: the -wal file can be cut' soon is_cut
	check 'slow reader: others write again' shell "$(record 1740000000)"
	check 'slow reader: the -wal file can be cut again' is_cut
	cat <&3 >>"$dir/lines"
	exec 3<&-
	check 'slow reader: it ends well' wait "$export"
	check 'slow reader: what was there when it began' -o 20000 \
		sh -c "wc -l <'$dir/lines'"
	check 'slow reader: each once' -o 20000 \
		sh -c "cut -d , -f 1 '$dir/lines' | sort -u | wc -l"
	check 'slow reader: what is there now' -o 20003 count
}

# Nor is it with the lines of events, which are read in pieces, too.
test_slow_list() {
	# shellcheck disable=SC2086 # several words
	report list $all --format oneline >"$dir/wanted"
	# shellcheck disable=SC2086 # several words
	report list $all --format oneline >"$dir/pipe" &
	list=$!
	exec 3<"$dir/pipe"
	head -c 1 <&3 >"$dir/lines"
	check 'slow list: others write' shell "$(record 1796083201)"
	check 'slow list: the -wal file can be cut' soon is_cut
	cat <&3 >>"$dir/lines"
	exec 3<&-
	check 'slow list: it ends well' wait "$list"
	check 'slow list: what was there when it began' \
		cmp "$dir/wanted" "$dir/lines"
	check 'slow list: an event once' -o "$(wc -l <"$dir/lines")" \
		sh -c "cut -d ' ' -f 2 '$dir/lines' | sort -u | wc -l"
}

# A writer in the middle of a transaction is not seen, nor waited for.
test_slow_writer() {
	mkfifo "$dir/commands"
	sqlite3 -bail "$store" <"$dir/commands" >"$dir/said" 2>&1 &
	exec 4>"$dir/commands"
	{
		echo 'BEGIN IMMEDIATE;'
		record 1796083202
		echo "DELETE FROM incident WHERE incident_id = 1; SELECT 'begun';"
	} >&4
	check 'slow writer: it has begun' soon grep -q begun "$dir/said"
	check 'slow writer: not seen' -o 20004 count
	check 'slow writer: not seen by show' -s 2 -e "\
watcher-report: error: there is no incident 20005 (watcher-report list \
--unfold --suspected --exempt --corrected shows their numbers)" report show 20005
	echo "COMMIT; SELECT 'ended';" >&4
	check 'slow writer: it has ended' soon grep -q ended "$dir/said"
	exec 4>&-
	check 'slow writer: all of it is seen' -o '20004 1' \
		echo "$(count)" "$(report show 20005 | grep -c '^Incident 20005')"
}

{
	echo '.parameter set :incidents 20000'
	cat "$root/tests/bench/incidents.sql"
} >"$dir/incidents.sql"
make_store "$store" "$dir/incidents.sql" || exit 1
test_slow_reader
test_slow_list
test_slow_writer
finish
