#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `watcher prune`: what it refuses, what it says, what it leaves.
here=$(dirname "$0")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"

watcher=$build/watcher/watcher
report=$build/reports/watcher-report
cat >"$dir/watcher.conf" <<END
[slurmdbd]
host = 127.0.0.1
user = watcher
[protect]
partitions = critical
[store]
path = $dir/s.db
END
make_store "$dir/s.db" "$root/tests/cli/report.sql"
# Its rows were put in by hand: the first writer finds no seal, and seals them.
"$watcher" -c "$dir/watcher.conf" ack 1 --withdraw --reason none 2>"$dir/said"
grep -q 'the chain is broken, .*: the seal is gone' "$dir/said"
result $? 'a store that was made by hand'

prune() {
	"$watcher" -c "$dir/watcher.conf" prune "$@"
}

# How many incidents the store holds: [FROM].
count() {
	sqlite3 "$dir/s.db" "SELECT count(*) FROM incident WHERE ended >= ${1:-0}"
}

middle=$(sqlite3 "$dir/s.db" \
	'SELECT ended FROM incident ORDER BY ended LIMIT 1 OFFSET 5')
before=$(date -u -d "@$middle" +%Y-%m-%dT%H:%M:%SZ)
all=$(count)
later=$(count "$middle")
gone=$((all - later))
when=$(local_time "$(date -u -d "@$middle" '+%F %T')")

check 'no time' -s 2 -e 'watcher: error: prune takes --before TIME (for example --before now-730days)' prune
check 'a time that is none' -s 2 -e 'watcher: error: prune: --before: "never" is not a time (write 2026-11-22, 2026-11-22T08:00, 11/22, 08:00, yesterday or now-7days)' prune --before never
check 'a word too many' -s 2 -e "watcher: error: prune: unknown argument '7'" \
	prune --before "$before" 7
check 'no value' -s 2 -e 'watcher: error: prune: --before takes a time' \
	prune --before
check 'two times' -s 2 -e 'watcher: error: prune: --before is there twice' \
	prune --before "$before" --before "$before"
check 'too recent' -s 2 -e 'watcher: error: prune: --before must be earlier: what ended in the last 7d 00:00:00 may still arrive (that is sweep_window under [watch])' prune --before now-6days
same 'what is left' "$all" "$(count)"
result $? 'nothing is forgotten by mistake'

check 'a dry run' -o "would be pruned of before $when: $gone incidents, 0 jobs that others cancelled, 0 lost jobs" \
	prune --before "$before" --dry-run
same 'what is left' "$all" "$(count)"
result $? 'a dry run forgets nothing'

check 'a run' -o "pruned of before $when: $gone incidents, 0 jobs that others cancelled, 0 lost jobs
scripts removed: 0" prune --before "$before"
same 'what is left' "$later $later" "$(count) $(count "$middle")"
result $? 'what ended before is forgotten, and nothing else'

check 'once more' -o "pruned of before $when: 0 incidents, 0 jobs that others cancelled, 0 lost jobs
scripts removed: 0" prune --before "$before"
same 'tombstones' 2 "$(sqlite3 "$dir/s.db" \
	"SELECT count(*) FROM entry WHERE kind = 'pruned'")"
result $? 'each run leaves its tombstone'
"$report" -s "$dir/s.db" list --suspected --exempt >/dev/null
result $? 'the store can be read'

finish
