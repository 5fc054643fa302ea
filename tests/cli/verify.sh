#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# `watcher-report verify` on stores that were altered, `watcher ack`, which
# writes to the chain, and what openssl and tests/chain-check say of it.

here=$(dirname "$0")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"

program=$build/reports/watcher-report
error='watcher: error:'
TZ=UTC
export TZ

# Writes a fresh store of so many transactions: fresh N [NAME].
fresh() {
	store=$dir/${2:-s}.db
	rm -f "$store" "$store-wal" "$store-shm"
	"$build/tests/make_chain" "$store" "$1" || exit 1
}

sql() {
	sqlite3 -bail "$store" "$1"
}

versions=$(find "$root/schema/store" -name '*.sql' | awk 'END { print NR }')

# What is random, and what it is for a test.
masked() {
	"$@" >"$dir/said"
	code=$?
	sed -E 's/[0-9a-f]{64}/HASH/g; s/[0-9a-f]{32}/STORE/g
		s/([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8})\+00:00/TIME/g' \
		"$dir/said"
	return $code
}

verify() {
	masked "$program" -s "$store" verify "$@"
}

# altered NAME SQL FINDING [MORE]: what the SQL does to a fresh store is found,
# by chain-check too.
altered() {
	fresh 3
	sql "$2"
	check "$1" -s 5 -o "The store does NOT verify: ${4:-1 finding.}
  $3" \
		verify
	"$root/tests/chain-check" "$store" >/dev/null 2>&1
	[ $? = 1 ]
	result $? "$1, to chain-check"
}

fresh 3
check 'a store as it was written' -o 'The store verifies: store STORE, 30 entries from
TIME to TIME, 9 incidents. Its head is
HASH, not signed.' \
	verify
head=$(sql 'SELECT lower(hex(hash)) FROM entry WHERE entry_id = 20')
last=$(sql 'SELECT lower(hex(hash)) FROM seal')
check 'a head that was kept' -o "The store verifies: store STORE, 30 entries from
TIME to TIME, 9 incidents. Its head is
HASH, not signed.
HASH is the hash of
entry 20 of TIME; 10 came since." \
	verify --head "$(echo "$head" | tr a-f A-F)"
"$program" -s "$store" verify --format json \
	--head "$last,$(echo "$head" | cut -c -16)" | python3 -c "
import json, sys
said = json.load(sys.stdin)
assert said['verifies'] is True and said['n_findings'] == 0, said
assert said['entries'] == 30 and said['incidents'] == 9, said
assert said['head'] == '$last' and said['signature'] == 'none', said
assert said['kept'][0]['since'] == 0 and said['kept'][1]['entry_id'] == 20
assert said['until'] == said['sealed'] == '2023-11-14T22:16:40Z', said"
result $? 'as JSON'
"$root/tests/chain-check" "$store" | grep -q " $last .* -\$"
result $? 'chain-check finds the same head'

altered 'a name' "UPDATE incident SET user = 'mallory' WHERE incident_id = 2" \
	'entry 3 (incident, incident 2, TIME): the row of its
  incident is not what was recorded'
altered 'what became of it' "UPDATE incident SET correction = 'cleared' WHERE incident_id = 1" \
	'entry 10 (confirmed, incident 1, TIME): the row of its
  incident is not what it says: correction'
altered 'an acknowledgement from nowhere' "UPDATE incident SET acknowledged_at = 5, acknowledged_by = 'x' WHERE incident_id = 8" \
	'entry 23 (incident, incident 8, TIME): the row of its
  incident is not what it says: acknowledged_by, acknowledged_at'
altered 'a script' "UPDATE incident SET script_sha256 = '' WHERE incident_id = 2" \
	'entry 12 (script, incident 2, TIME): the script of its
  incident is not the one it names'
altered 'an entry' "UPDATE entry SET content = replace(content, 'says', 'denies') WHERE entry_id = 10" \
	'entry 10 (confirmed, incident 1, TIME): its content is
  not what was written'
altered 'a kind, with what a terminal would do' "UPDATE entry SET kind = 'x' || char(27) || '[2J' WHERE entry_id = 27" \
	'entry 27 (x\x1b[2J, incident 6, TIME): its hash is not
  that of what it says and of the entry before'
altered 'an incident without a trace' 'DELETE FROM incident WHERE incident_id = 3' \
	'entry 4 (incident, incident 3, TIME): the row of its
  incident is gone'
altered 'a removed entry' 'DELETE FROM entry WHERE entry_id = 17' \
	'entry 17: it is missing'
altered 'the tail' 'DELETE FROM entry WHERE entry_id > 28' \
	'entry 18 (gap, TIME): its span is not what it says
  entry 29: it is missing, with all up to 30, where the chain was sealed
  no entry tells of span 6 of what was watched' '3 findings.'
altered 'a gap that was none' "UPDATE coverage SET how = 'watched' WHERE how = 'gap'" \
	'entry 29 (gap-closed, TIME): its span is not what it says'
altered 'a type' 'UPDATE entry SET at = CAST(at AS BLOB) WHERE entry_id = 20' \
	'entry 20 (incident, incident 7, TIME): its at is not an
  integer'
altered 'the seal' 'UPDATE seal SET told_at = told_at + 1' \
	'the seal was altered'

# --- An end that is altered, and gone on from ----------------------------------

fresh 3
sql 'DELETE FROM entry WHERE entry_id > 29'
printf '[protect]\npartitions = critical\n[store]\npath = %s\n' "$store" \
	>"$dir/watcher.conf"
check 'the next writer' -e "watcher: error: store $store: the chain is broken, entry 30 says so and it goes on: entry 30: it is missing, with all up to 30, where the chain was sealed (somebody altered the store: watcher-report verify tells more, see watcher-chain(7))
watcher: 1 incident acknowledged" \
	"$build/watcher/watcher" -c "$dir/watcher.conf" ack 1 --reason why
verify >"$dir/said"
[ $? = 5 ] && tr -s ' \n' ' ' <"$dir/said" |
	grep -Fq 'entry 30 (broken, TIME): the chain was found broken then, and went on: entry 30: it is missing'
result $? 'which is told for ever'
check 'and found once' -o 1 sql "SELECT count(*) FROM entry WHERE kind = 'broken'"
"$root/tests/chain-check" "$store" >/dev/null 2>"$dir/said"
grep -q '^entry 30 says that the chain was found broken' "$dir/said"
result $? 'to chain-check, too'

# --- What the tables do not show ---------------------------------------------

# An index that is empty: reports find nothing by it.
fresh 3
sql "CREATE INDEX x ON incident (ended, incident_id) WHERE 0"
sql "PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage =
	(SELECT rootpage FROM sqlite_master WHERE name = 'x')
	WHERE name = 'incident_ended'; DELETE FROM sqlite_master WHERE name = 'x'"
check 'incidents that an index hides' \
	-o 'No incidents' \
	"$program" -s "$store" list --suspected --exempt
verify >"$dir/said"
[ $? = 5 ] && grep -q 'the file is not sound' "$dir/said"
result $? 'are found'

# What hides rows, writes them, or lets in what watcher would not write; first
# triggers and views, of which a store has none.
altered 'a trigger' "CREATE TRIGGER hide AFTER INSERT ON incident BEGIN
	DELETE FROM incident WHERE user = 'mallory'; END" \
	"trigger hide is none of watcher's"
altered 'a view' 'CREATE VIEW v AS SELECT * FROM incident' \
	"view v is none of watcher's"

# Later versions of SQLite find this one out by themselves.
fresh 3
sql "CREATE TRIGGER hide AFTER INSERT ON incident BEGIN DELETE FROM incident; END;
	PRAGMA writable_schema = ON;
	UPDATE sqlite_master SET name = 'sqlite_stat1' WHERE name = 'hide'"
verify >/dev/null
[ $? = 5 ]
result $? 'a trigger that is called statistics'

# made NAME SQL FINDING...: how else it is made, which chain-check cannot know.
made() {
	fresh 3
	sql "$2"
	check "$1" -s 5 -o "The store does NOT verify: ${4:-1 finding.}
  $3" \
		verify
}
made 'a table' "CREATE TABLE \"x$(printf '\033')\" (y)" "table x\x1b is none of watcher's"
made 'an index gone' 'DROP INDEX entry_pruned' 'index entry_pruned is missing'
made 'an index of another table' 'DROP INDEX incident_ended;
	CREATE INDEX incident_ended ON entry (at)' \
	'index incident_ended is not as watcher makes it'
made 'a condition gone' "PRAGMA writable_schema = ON; UPDATE sqlite_master
	SET sql = replace(sql, 'CHECK (seal_id = 1)', '') WHERE name = 'seal'" \
	'table seal is not as watcher makes it'
fresh 3
sql 'ANALYZE'
verify >/dev/null
result $? 'statistics are as good as none'

# What keeps it from being read is told as well.
made 'a table gone' 'DROP TABLE coverage' 'index coverage_cluster is missing
  index coverage_last is missing
  table coverage is missing
  it cannot be read to its end: no such table: coverage' '4 findings.'
made 'a version' 'PRAGMA user_version = 99' \
	"its user_version is 99, its chain says that it is $versions"
made 'an older one' 'PRAGMA user_version = 2' \
	"its user_version is 2, its chain says that it is $versions"
made 'an application' 'PRAGMA application_id = 7' \
	'its application_id is 7, that of a store is 2004116328'
check 'which others refuse' -s 3 -e "watcher-report: error: store $store: is an SQLite database, but not a store of watcher (name another file in [store] path)" \
	"$program" -s "$store" list

# Any page of it, damaged.
fresh 9
sql 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
pages=$(sql 'PRAGMA page_count')
cp "$store" "$dir/whole.db"
page=0
while [ "$page" -lt "$pages" ]; do
	cp "$dir/whole.db" "$store"
	head -c 3000 /dev/zero | dd of="$store" bs=1 conv=notrunc status=none \
		seek=$((page * 4096 + (page == 0 ? 100 : 0)))
	verify >"$dir/said" 2>&1
	if [ $? != 5 ] || ! grep -q '^The store does NOT verify' "$dir/said"; then
		sed "s/^/# page $page: /" "$dir/said"
		break
	fi
	page=$((page + 1))
done
[ "$page" = "$pages" ] && [ "$pages" -gt 10 ]
result $? 'each damaged page'
fresh 3

# --- Wrong questions ---------------------------------------------------------

check 'no hash' -s 2 -e 'watcher-report: error: --head 12345 is no hash (it takes 16 to 64 hexadecimal digits, as they were logged or reported)' \
	verify --head 12345
check 'no head' -s 2 -e 'watcher-report: error: --head names nothing' \
	verify --head ''
check 'no key' -s 2 -e "watcher-report: error: --key $dir/none: No such file or directory" \
	verify --key "$dir/none"
check 'a key that is none' -s 2 -e "watcher-report: error: --key $dir/said: is no public Ed25519 key in PEM (openssl pkey -in KEY -pubout writes the public one of a private key)" \
	verify --key "$dir/said"
check 'no store' -s 3 -e "watcher-report: error: store $dir/none: No such file or directory (name its watcher.conf with -c, or, for watcher-report, the store with -s; a first \`watcher once\` makes it)" \
	"$program" -s "$dir/none" verify
make_store "$dir/sql.db" "$here/report.sql"
"$program" -s "$dir/sql.db" verify >"$dir/said"
[ $? = 5 ] && grep -q '^The store does NOT verify: ' "$dir/said"
result $? 'a store that was made by hand'

# --- Acknowledgements --------------------------------------------------------

watcher=$build/watcher/watcher
conf=$dir/watcher.conf
fresh 3
sql 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
cp "$store" "$dir/before.db"
printf '[protect]\npartitions = critical\n[store]\npath = %s\n' "$store" >"$conf"

ack() {
	SUDO_USER=anna "$watcher" -c "$conf" ack "$@"
}

acknowledged() {
	sql "SELECT group_concat(incident_id || ':' || acknowledged_why)
		FROM incident WHERE acknowledged_at > 0"
}

usage='(watcher ack --reason TEXT [--event] [--withdraw] ID...)'
check 'no reason' -s 2 -e "$error ack: --reason is missing $usage" ack 1
check 'a blank one' -s 2 -e "$error ack: --reason is empty $usage" \
	ack 1 --reason "$(printf ' \t\n ')"
check 'two' -s 2 -e "$error ack: --reason is there twice $usage" \
	ack 1 --reason why --reason=that
check 'no incident' -s 2 -e "$error ack: which incidents? $usage" \
	ack --reason why
check 'an unknown option' -s 2 -e "$error ack: unknown option --why $usage" \
	ack 1 --why not
check 'no number' -s 2 -e "$error '1x' is not an incident's number (watcher-report list shows them in its first column)" \
	ack 1 1x --reason why
check 'one that is not there, and none is written' -s 2 -e "$error there is no incident 99 (nothing was written; watcher-report list shows them)" \
	ack 1 99 2 --reason why
check 'none was' -o '' acknowledged
check 'a long one' -s 2 -e "$error ack: --reason has 4097 bytes (4096 are allowed: say where to read more)" \
	ack 1 --reason "$(printf '%4097s' x)"
check 'one' -e 'watcher: 1 incident acknowledged' \
	ack --reason "$(printf 'she "asked"\n\033[31m \303\251 \377')" 1
check 'what it says' -o "$(printf '1:she "asked"\n\033[31m \303\203\302\251 \303\277')" \
	acknowledged
"$program" -s "$store" show 1 | sed -n '/^Acknowledgement/,$p' >"$dir/said"
grep -Fq 'because        she "asked"\n\x1b[31m' "$dir/said"
result $? 'show tells why'
"$program" -s "$store" list --format json --suspected --exempt | python3 -c '
import json, sys
first = json.load(sys.stdin)[0]
assert first["acknowledged_why"].startswith("she \"asked\"\n\x1b[31m")'
result $? 'and so does list'
check 'again' -e 'watcher: 1 incident acknowledged; 1 acknowledged before, and stays as it is' \
	ack 1 2 --reason=twice
check 'all of an event, once' -e 'watcher: 2 incidents acknowledged' \
	ack --event 9 9 --reason event
check 'those' -o '2:twice,7:event,9:event' sql "SELECT group_concat(incident_id
	|| ':' || acknowledged_why) FROM incident WHERE acknowledged_at > 0
	AND incident_id > 1"
check 'taken back' -e 'watcher: 1 acknowledgement withdrawn; 1 had none, and stays as it is' \
	ack --withdraw 2 3 --reason 'not so'
# said_by NAME: who withdrew and who acknowledged last where SUDO_USER is that.
said_by() {
	SUDO_USER=$1 "$watcher" -c "$conf" ack 3 --reason x 2>/dev/null
	SUDO_USER=$1 "$watcher" -c "$conf" ack 3 --withdraw --reason x 2>/dev/null
	sql "SELECT json_extract(content, '\$.by') FROM entry
		WHERE kind LIKE 'ack%' ORDER BY entry_id DESC LIMIT 2" | uniq
}
self=$(id -un)
login=$(cat /proc/self/loginuid 2>/dev/null)
if [ "${login:-4294967295}" != 4294967295 ]; then
	self=$(id -un "$login")
	[ "$self" = "$(id -un)" ] || self="$self (as $(id -un))"
	says=$self
else
	says="$self (sudo says daemon)"
fi
check 'by whom' -o "$says" said_by daemon
check 'whatever SUDO_USER says of nobody' -o "$self" said_by 'somebody (as root)'
check 'both are kept' -o 'acknowledged|twice
ack-withdrawn|not so' \
	sql "SELECT kind, json_extract(content, '\$.why') FROM entry
		WHERE incident_id = 2 AND kind LIKE 'ack%' ORDER BY entry_id"
verify >"$dir/said"
result $? 'the store verifies'
last=$(sql 'SELECT lower(hex(hash)) FROM seal')
check 'as it was before, by itself' -o 'The store verifies: store STORE, 30 entries from
TIME to TIME, 9 incidents. Its head is
HASH, not signed.' \
	masked "$program" -s "$dir/before.db" verify
check 'and by a head that was kept since' -s 5 -o 'The store does NOT verify: 1 finding.
  no entry has the hash
  HASH: the chain
  was cut or written anew since, or is another store'\''s' \
	masked "$program" -s "$dir/before.db" verify --head "$last"
"$root/tests/chain-check" "$store" >/dev/null
result $? 'to chain-check, too'

# --- What was pruned ---------------------------------------------------------

"$watcher" -c "$conf" prune --before 2023-11-14T22:15:30Z >"$dir/said"
check 'a store that was pruned' -o 'The store verifies: store STORE, 40 entries from
TIME to TIME, 3 incidents, 26 pruned.
Its head is HASH,
not signed.' \
	verify
"$root/tests/chain-check" "$store" >/dev/null
result $? 'to chain-check, too'
sql "UPDATE entry SET salt = NULL, content = '' WHERE entry_id = 30"
check 'one more, which nobody names' -s 5 -o 'The store does NOT verify: 2 findings.
  entry 30 (watched, TIME): its content is gone, and no
  entry after it says that it was pruned
  no entry tells of span 6 of what was watched' \
	verify
fresh 3

# --- Signatures --------------------------------------------------------------

(umask 077 && openssl genpkey -algorithm ed25519 -out "$dir/key" 2>/dev/null)
openssl pkey -in "$dir/key" -pubout -out "$dir/pub"
openssl genpkey -algorithm ed25519 -out "$dir/other" 2>/dev/null
openssl pkey -in "$dir/other" -pubout -out "$dir/other.pub"
printf 'sign_key = %s/none\n' "$dir" >>"$conf"
check 'a key that is not there, and nothing is written' -s 2 -e "$error $conf:5: sign_key: $dir/none: No such file or directory" \
	ack 3 --reason why
sed -i "s#^sign_key.*#sign_key = $dir/key#" "$conf"
chmod 604 "$dir/key"
check 'a key that others can read' -s 2 -e "$error $conf:5: sign_key: $dir/key: holds a key, and others may read it (mode 0604) (chmod 600 $dir/key, and change the key if others may have seen it)" \
	ack 3 --reason why
chmod 600 "$dir/key"
check 'not signed yet' -s 5 -o 'The store does NOT verify: 1 finding.
  the head is not signed' \
	verify --key "$dir/pub"
check 'signed' -e 'watcher: 1 incident acknowledged' ack 3 --reason why
verify --key "$dir/pub" | grep -q '^HASH, signed with$\|signed with this key'
result $? 'by this key'
check 'by another' -s 5 -o 'The store does NOT verify: 1 finding.
  the head was not signed with this key' \
	verify --key "$dir/other.pub"
line=$("$root/tests/chain-check" "$store")
printf '%s\n' "${line% *}" >"$dir/head"
sqlite3 :memory: "SELECT writefile('$dir/head.sig', x'${line##* }')" >/dev/null
if openssl pkeyutl -help 2>&1 | grep -q -e -rawin; then
	check 'to openssl' -o 'Signature Verified Successfully' \
		openssl pkeyutl -verify -pubin -inkey "$dir/pub" -rawin \
		-in "$dir/head" -sigfile "$dir/head.sig"
else
	skip 'to openssl' "$(openssl version) has no pkeyutl -rawin"
fi

# --- Nothing takes its place --------------------------------------------------

ln -s "$store" "$dir/link"
for name in "$store" "$store-wal" "$dir/link"; do
	check "a report in the place of ${name##*/}" -s 2 \
		-e "watcher-report: error: --output $name is the store that is read" \
		"$build/reports/watcher-report" -s "$store" export -o "$name"
done

finish
