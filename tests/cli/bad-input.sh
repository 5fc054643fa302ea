#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# `watcher` with what a site may get wrong: one clear line that names the thing
# and the remedy, the exit code of the manual, nothing half written. Runs under
# tests/lab/with-mariadb.

here=$(dirname "$0")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"

program=$build/watcher/watcher
error='watcher: error:'

# conf KEY=VALUE...: writes a configuration of the lab's database, with these
# instead, and sets $conf.
conf() {
	conf=$dir/watcher.conf
	socket=$LAB_SOCKET user=root database=good clusters=all
	store=$dir/store.db password=
	for setting; do
		eval "${setting%%=*}=\${setting#*=}"
	done
	cat >"$conf" <<-END
		[slurmdbd]
		socket = $socket
		user = $user
		database = $database
		clusters = $clusters
		${password:+password_file = $password}
		[protect]
		partitions = critical
		[store]
		path = $store
	END
}

watcher() {
	"$program" -c "$conf" "$@"
}

# first_line COMMAND...: only the first line of what it says on stderr.
first_line() {
	"$@" 2>"$dir/all"
	code=$?
	head -n 1 "$dir/all" >&2
	return $code
}

said_of_reservations() {
	watcher check | grep resv_table
}

errors_found() {
	watcher check | tail -n 1 | grep -o '[0-9]* errors*$'
}

sql() {
	mariadb --no-defaults --user=root --socket="$LAB_SOCKET" \
		--execute="$1" mysql
}

"$here/../lab/load-fixture" --rows 22.05 good
sql "CREATE DATABASE empty; CREATE USER guarded@localhost IDENTIFIED BY 's';
	GRANT SELECT ON good.cluster_table TO guarded@localhost;
	CREATE USER another@localhost IDENTIFIED VIA unix_socket"

# The client library's words, which changed: "ERROR 2002 (HY000): Can't ..."
said=$(mariadb --no-defaults --socket="$dir/nowhere" 2>&1)
conf socket="$dir/nowhere"
check 'no database' -s 3 -e "$error database good at $dir/nowhere: ${said#*: } (check host and port, or socket, under [slurmdbd], and that MariaDB runs there)" \
	watcher once

conf user=another
check "another user's account" -s 3 -e "$error database good at $LAB_SOCKET: Access denied for user 'another'@'localhost' (an account that is identified by unix_socket is for the system user of its name: become that user, as with \`runuser -u watcher --\`)" \
	watcher once

echo wrong >"$dir/password" && chmod 600 "$dir/password"
conf user=guarded password="$dir/password"
check 'wrong password' -s 3 -e "$error database good at $LAB_SOCKET: Access denied for user 'guarded'@'localhost' (using password: YES) (check user and password_file under [slurmdbd]; an account that is identified by unix_socket is for the system user of its name)" \
	watcher once

echo s >"$dir/password"
check 'an account without its grants' -s 3 -e "$error cluster lab: reading its job table's columns: SELECT command denied to user 'guarded'@'localhost' for table \`good\`.\`lab_job_table\` (if the name is right, run conf/grants.sql as the database's admin)" \
	watcher once

chmod 644 "$dir/password"
check 'a password that others can read' -s 2 -e "$error $conf:6: password_file: $dir/password: holds a password, and others may read it (mode 0644) (chmod 600 $dir/password, and change the password if others may have seen it)" \
	watcher once
conf password="$dir/absent"
check 'no password file' -s 2 -e "$error $conf:6: password_file: $dir/absent: No such file or directory" \
	watcher once

conf database=absent
check 'no such database' -s 3 -e "$error database absent at $LAB_SOCKET: Unknown database 'absent' (check database under [slurmdbd], or StorageLoc in slurmdbd.conf)" \
	watcher once
conf database=empty
check 'a database that is not slurmdbd'\''s' -s 3 -e "$error database empty at $LAB_SOCKET: Table 'empty.cluster_table' doesn't exist (is this slurmdbd's database, and the cluster's name right?)" \
	watcher once
conf clusters=nowhere
check 'no such cluster' -s 3 -e "$error cluster nowhere: reading its job table's columns: Table 'good.nowhere_job_table' doesn't exist (is this slurmdbd's database, and the cluster's name right?)" \
	watcher once

echo 'This is text, and has been text for a long time.' >"$dir/text"
conf store="$dir/text"
check 'a store that is not SQLite' -s 3 -e "$error store $dir/text: is no SQLite database (name another file, or restore it from a backup)" \
	watcher once
mkfifo "$dir/fifo"
conf store="$dir/fifo"
check 'a store that is no file' -s 3 -e "$error store $dir/fifo: is no regular file (name the file itself that holds the incidents)" \
	watcher once
conf store="$dir"
check 'a store that is a folder' -s 3 -e "$error store $dir: is a folder (name the file itself that holds the incidents)" \
	watcher once
check 'left as it was' -o 'This is text, and has been text for a long time.' \
	cat "$dir/text"
sqlite3 "$dir/newer.db" 'PRAGMA application_id = 0x77746368; PRAGMA user_version = 99; CREATE TABLE t (x)'
conf store="$dir/newer.db"
version=$(find "$root/schema/store" -name '*.sql' | grep -c .)
check 'a store that is newer' -s 3 -e "$error store $dir/newer.db: has version 99, this program knows up to $version (install the watcher that wrote it, or a newer one)" \
	watcher once
conf store="$dir/no/store.db"
check 'no folder for the store' -s 3 -e "$error store $dir/no/store.db: No such file or directory (make its folder first)" \
	watcher once
conf
check 'all is well' \
	watcher -q once
check 'history, and what ran' \
	watcher -q backfill --count --since 2020-01-01 --until yesterday
check 'what ran is counted' -o "$(sql "SELECT count(*) FROM good.lab_job_table
	WHERE time_end BETWEEN 1 AND UNIX_TIMESTAMP() - 1800
		AND \`partition\` = 'critical' AND time_start > 0
		AND nodelist REGEXP '^n[[0-9]' AND state <> 8192" | tail -n 1)" \
	sqlite3 "$dir/store.db" 'SELECT coalesce(sum(jobs), 0) FROM ran'
sql 'DROP TABLE good.lab_resv_table'
check 'reservations that nobody names' \
	watcher -q once
echo '[protect r]
reservations = night' >>"$conf"
check 'reservations that cannot be read' -o "ERROR    cluster lab: reading a name: Table 'good.lab_resv_table' doesn't exist" \
	said_of_reservations
check 'one error' -o '1 error' errors_found
check 'an unknown incident' -s 2 -e "$error there is no incident 999 (watcher-report list shows them)" \
	watcher restore 999
check 'no number' -s 2 -e "$error '7x' is not an incident's number (watcher-report list shows them in its first column)" \
	watcher restore 7x
check 'a malformed time' -s 2 -e "$error \"yesteryear\" is not a time (write 2026-11-22, 2026-11-22T08:00, 11/22, 08:00, yesterday or now-7days)" \
	watcher backfill --since yesteryear
check 'history of two times' -s 2 -e "$error backfill: --since is there twice" \
	watcher backfill --since 2020-01-01 --since 2021-01-01
check 'history that is yet to come' -s 2 -e "$error backfill: --since is in the future: 9999-01-01" \
	watcher backfill --since 9999-01-01
check 'history that is not over' -s 2 -e "$error backfill: --until is in the future: tomorrow" \
	watcher backfill --since yesterday --until tomorrow
check 'no command' -s 2 -e 'Usage: watcher [-qv] [-c FILE] COMMAND' \
	first_line watcher
check 'an unknown command' -s 2 -e "$error unknown command: wach (watcher --help lists the commands)" \
	watcher wach
check 'too many words' -s 2 -e "$error too many arguments: now (watcher --help lists the commands)" \
	watcher once now
printf '[protect]\npartitons = critical\n' >"$conf"
check 'a misspelt key' -s 2 \
	-e "$error $conf:2: unknown key partitons in [protect] (did you mean partitions?)" \
	watcher once

finish
