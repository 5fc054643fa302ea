#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# watcher-report list and show: events and the incidents they are made of, in
# pipes and on terminals of several widths.

here=$(dirname "$0")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"

program=$build/reports/watcher-report
store=$dir/store.db
error='watcher-report: error:'
march='--period 2025-03'
TZ=UTC
TERM=xterm
export TZ TERM
unset NO_COLOR
esc=$(printf '\033')

report() {
	"$program" -s "$store" "$@"
}

# lines OPTION...: what is listed of March, blanks squeezed.
lines() {
	# shellcheck disable=SC2086 # several words
	report list $march "$@" | sed 's/  */ /g; s/^ //'
}

# terminal WIDTH COMMAND...: what a terminal that wide is shown.
terminal() {
	width=$1
	shift
	script -qec "stty cols $width; $*" /dev/null </dev/null | tr -d '\r'
}

test_events() {
	head='EVENT ENDED CLUSTER JOB JOBS USER ACCOUNT PARTITION KIND CPU H GPU H STATUS NAME'
	wide='34 2025-03-03T10:01:00+00:00 alpha 90 1 李明 acc prod-a cancelled 0.1 0.0 open 名前😀 é|'
	two='36 2025-03-03T10:02:00+00:00 alpha 95 2 bob acc critical'
	two="$two step-cancelled,cancelled 2.7 0.7 1 restored, 1 acknowledged"
	two="$two a b=c status=restored,back\\slash"

	# shellcheck disable=SC2086 # several words
	check 'events: one line each, in columns' -o "\
EVENT ENDED                     CLUSTER JOB      JOBS USER ACCOUNT PARTITION KIND                     CPU H GPU H STATUS                     NAME
   30 2025-03-03T10:00:01+00:00 alpha   70_[1-5]    5 erin acc     critical  cancelled                 24.0   6.0 2 of 5 restored            ensemble
   33 2025-03-03T10:01:00+00:00 alpha   80+0        1 dan  acc     critical  cancelled                  4.0   1.0 acknowledged               coupled \"model\"
   34 2025-03-03T10:01:00+00:00 alpha   90          1 李明 acc     prod-a    cancelled                  0.1   0.0 open                       名前😀 é|
   36 2025-03-03T10:02:00+00:00 alpha   95          2 bob  acc     critical  step-cancelled,cancelled   2.7   0.7 1 restored, 1 acknowledged a b=c status=restored,back\\slash
4 events, 7 incidents, 9 jobs, 4 users
Not shown: 1 suspected (--suspected)" report list $march
	check 'events: sums are of what the filters let through' -o "\
$head
33 2025-03-03T10:01:00+00:00 alpha 80+[0-1] 2 dan acc critical,prod-a cancelled? 8.0 2.0 acknowledged coupled \"model\"
1 event, 2 incidents (1 suspected), 2 jobs, 1 user" \
		lines --suspected --user dan
	check 'events: of which only one incident passes' -o "\
$head
$wide
33 2025-03-03T10:01:01+00:00 alpha 80+1 1 dan acc prod-a cancelled? 4.0 1.0 acknowledged coupled \"model\"
2 events, 2 incidents (1 suspected), 2 jobs, 2 users" \
		lines --suspected --partition prod-a
	check 'events: the last of them' -o "$head
$wide
$two
the last 2 events, 3 incidents, 3 jobs, 2 users
Not shown: 1 suspected (--suspected)" lines --limit 2
	check 'events: one that goes on when the last begins' -o "$head
33 2025-03-03T10:01:00+00:00 alpha 80+[0-1] 2 dan acc critical,prod-a cancelled? 8.0 2.0 acknowledged coupled \"model\"
$wide
$two
the last 3 events, 5 incidents (1 suspected), 5 jobs, 3 users" \
		lines --limit 3 --suspected
	check 'events: a limit above all' -o "$(lines --limit 4)" \
		lines --limit 5
	check 'events: open ones' -o "$head
30 2025-03-03T10:00:03+00:00 alpha 70_[3-5] 3 erin acc critical cancelled 0.0 0.0 open ensemble
$wide
2 events, 2 incidents, 4 jobs, 2 users" lines --open
	check 'events: unfolded' -o "\
ID${head#EVENT}
31 2025-03-03T10:00:01+00:00 alpha 70_1 1 erin acc critical cancelled 16.0 4.0 restored ensemble
32 2025-03-03T10:00:02+00:00 alpha 70_2 1 erin acc critical cancelled 8.0 2.0 restored ensemble
30 2025-03-03T10:00:03+00:00 alpha 70_[3-5] 3 erin acc critical cancelled 0.0 0.0 open ensemble
3 incidents, 5 jobs, 1 user" lines --unfold --user erin
	check 'events: unfolded, the last' -o "\
ID${head#EVENT}
30 2025-03-03T10:00:03+00:00 alpha 70_[3-5] 3 erin acc critical cancelled 0.0 0.0 open ensemble
the last incident, 3 jobs, 1 user" lines --unfold --user erin --limit 1
	check 'events: an array as squeue has it' -o '3_[1-2,4-6] 5' sh -c "
		'$program' -s '$store' list --user alice --period 2024 \
			--columns job_id,tasks | sed -n 's/  */ /g; 2p'"
	check 'events: nothing hidden is counted beside the period' -o "\
No incidents: user erin; ended since 2025-03-04T00:00:00+00:00; without \
suspected ones; without exempt ones" report list --user erin --since 2025-03-04
	check 'events: what is hidden' -o "\
No incidents: user svc; without suspected ones; without exempt ones
Not shown: 2 exempt (--exempt), 1 corrected (--corrected)" \
		report list --user svc
}

# column NAME OPTION...: one of what is listed of March, on a line.
column() {
	wanted=$1
	shift
	# shellcheck disable=SC2086 # several words
	report list $march --format csv --columns "$wanted" "$@" | tr -d '\r' |
		tail -n +2 | tr '\n' ' '
}

test_order() {
	check 'sort: numbers as numbers' -o '34 36 33 30 ' \
		column event_id --sort cpu_seconds
	check 'sort: descending' -o '30 33 36 34 ' \
		column event_id --sort -cpu_seconds
	check 'sort: numbers in texts' -o '70_1 70_2 70_[3-5] 80+0 90 95 95 ' \
		column job_id --unfold --sort job_id
	check 'sort: by several, then by time' -o '36 37 33 31 32 30 34 ' \
		column incident_id --unfold --sort account,uid,-PARTITION
	check 'sort: the last of the order' -o '36 33 30 ' \
		column event_id --sort cpu_seconds --limit 3
	check 'sort: from the last on' -o '30 33 36 ' \
		column event_id --sort cpu_seconds --limit 3 --reverse
	check 'sort: reverse alone' -o '36 34 33 30 ' column event_id --reverse
	check 'sort: reverse and limit' -o '36 34 ' \
		column event_id --reverse --limit 2
	check 'sort: how many there are' -o \
		'the last 1 of 4 events, 3 incidents, 5 jobs, 1 user' \
		sh -c "'$program' -s '$store' list $march --sort tasks \
			--limit 1 | sed -n '3p'"
	check 'sort: no column' -s 2 -e "$error --sort names no column" \
		report list --sort ,
	report list --sort event_id,frob 2>"$dir/err"
	check 'sort: an unknown one' -o '2 1' echo $? "$(grep -c "^$error --sort: \
there is no column frob (columns are incident_id, event_id, " "$dir/err")"
}

test_columns() {
	first='EVENT ENDED CLUSTER JOB JOBS USER'

	check 'columns: these' -o 'USER JOB' \
		sh -c "'$program' -s '$store' list $march \
			--columns user,Job_ID,user | sed -n '1s/  */ /gp'"
	check 'columns: more and fewer' -o "$first PARTITION KIND CPU H GPU H STATUS NAME QOS SECTION" \
		sh -c "'$program' -s '$store' list $march \
			--columns +qos,-account,section | sed -n '1s/  */ /gp'"
	check 'columns: of csv' -o 'incident_id,job_id,incidents,status
31,70_[1-5],3,2 of 5 restored' sh -c "'$program' -s '$store' list $march \
		--columns incident_id,job_id,incidents,status --limit 1 \
		--sort tasks --format csv | tr -d '\r'"
	check 'columns: all of csv are those of export' -o \
		"$(report export --until 1971-01-01 | tr -d '\r'),incidents,status" \
		sh -c "'$program' -s '$store' list --until 1971-01-01 --format csv |
			tr -d '\r'"
	check 'columns: none' -s 2 -e "$error --columns user,-user leaves none" \
		report list --columns user,-user
	report list --columns frob 2>"$dir/err"
	check 'columns: an unknown one lists all' -o '2 1 1 status)' echo \
		"$? $(wc -l <"$dir/err")" \
		"$(grep -c 'there is no column frob' "$dir/err")" \
		"$(sed 's/.* //' "$dir/err")"
	check 'columns: in the help' -o 'restored_started, restored_ended, acknowledged_why, incidents, status' \
		sh -c "'$program' list --help |
			sed -n '/^Columns: /,/^\$/p' | sed -n 'x; \${p}'"
}

test_formats() {
	check 'oneline: what was typed is one word' -o "\
event_id=36 started=2025-03-03T09:52:00Z restored_at=2025-03-03T10:03:00Z \
exempt= job_name=a\\x20b=c\\x20status=restored,back\\\\slash tasks=2" \
		report list --period 2025-03 --format oneline --limit 1 \
		--columns event_id,started,restored_at,exempt,job_name,tasks
	check 'oneline: hostile' -o "\
job_name=two\\nlines,\\x20\"quoted\"\\x20\\x1b[31m\\u{202e}live" \
		report list --period 2024 --user carol --format oneline \
		--columns job_name
	check 'oneline: one line a line' -o '9 9' sh -c "
		'$program' -s '$store' list --until 2025-02-01 --format oneline |
			awk '{ n += /^incident_id=[0-9]* event_id=[0-9]* cluster=/ }
				END { print NR, n }'"
	check 'json: as it is typed' -o "\
[{'event_id': 36, 'started': '2025-03-03T09:52:00Z', 'exempt': '', \
'corrected_at': None, 'job_name': 'a b=c status=restored,back\\\\slash', \
'cpu_seconds': 9600, 'incidents': 2}]" python3 -c '
import json, sys
print(json.load(sys.stdin))' <<JSON
$(report list --period 2025-03 --format json --limit 1 --columns \
	event_id,started,exempt,corrected_at,job_name,cpu_seconds,incidents)
JSON
	check 'json: unfolded, every one is what export has' -o '' python3 -c '
import json, sys
listed, exported = [json.load(open(name)) for name in sys.argv[1:]]
if len(listed) != len(exported):
    print(len(listed), len(exported))
for event, incident in zip(listed, exported):
    status = event.pop("status"), event.pop("incidents")
    if event != incident or status[1] != 1:
        print(event, incident)' "$dir/listed" "$dir/exported"
	check 'json: none' -o '[]' report list --format json --until 1971-01-01
	check 'oneline: none' report list --format oneline --until 1971-01-01
	check 'format: unknown' -s 2 -e "$error --format xml is unknown (list \
writes text, csv, json, oneline)" report list --format xml
}

test_hints() {
	check 'hint: names that nothing has' -o \
		'No incidents: cluster gamma; user erni,99; account x; without suspected ones; without exempt ones' \
		-e 'watcher-report: no incident of cluster gamma in the store
watcher-report: no incident of user erni in the store
watcher-report: no incident of user 99 in the store
watcher-report: no incident of account x in the store' \
		report list --user erni,99 --cluster gamma --account x
	check 'hint: not where another time has it' -o \
		'No incidents: user erin,1005; account physics; partition prod-a; ended since 2026-01-01T00:00:00+00:00; without suspected ones; without exempt ones' \
		report list --since 2026-01-01 --user erin,1005 \
		--account physics --partition prod-a
	check 'hint: not where it is hidden' -o '[]' \
		report list --user svc --format json
	check 'hint: a part of a name' \
		-e 'watcher-report: no incident of partition prod in the store' \
		report list --partition prod --format oneline
	check 'hint: escaped' -e "\
watcher-report: no incident of user a\\x1b[31m in the store" \
		report list --user "$(printf 'a\033[31m')" --format oneline
}

# A store whose last incident ended an hour ago, and others days before.
make_now() {
	cat "$here/report.sql" - >"$dir/now.sql" <<'SQL'
DELETE FROM entry;
UPDATE incident SET event_id = incident_id,
	root_id = incident_id,
	confidence = 'confirmed',
	exempt = '',
	user = 'u' || incident_id,
	ended = CAST(strftime('%s', 'now') AS INTEGER) - CASE incident_id
		WHEN 1 THEN 400 * 86400 WHEN 2 THEN 40 * 86400
		WHEN 3 THEN 8 * 86400 WHEN 4 THEN 6 * 86400
		WHEN 5 THEN 30 * 3600 ELSE 3600 END;
SQL
	make_store "$dir/now.db" "$dir/now.sql"
}

# A table of more lines than are kept in memory, which is written in pieces, with
# one name that only the last of these has room for.
test_many() {
	{
		echo '.parameter set :incidents 20000'
		cat "$root/tests/bench/incidents.sql"
	} >"$dir/many.sql"
	make_store "$dir/many.db" "$dir/many.sql"
	check 'many: short times stay short' -o 0 sh -c "
		script -qec 'stty cols 90; $program -s $dir/many.db list \
			--suspected --unfold --color=never' /dev/null </dev/null |
			grep -c '+00:00' || true"
	sqlite3 "$dir/many.db" "UPDATE incident
		SET user = 'one-of-the-longer-names' WHERE incident_id = 20000"
	"$program" -s "$dir/many.db" list --unfold >"$dir/many"
	"$program" -s "$dir/many.db" list --unfold --format oneline \
		--columns incident_id,job_id,user,status >"$dir/ones"
	check 'many: every line, with one heading' -o 'same 1' sh -c "
		sed 's/^ *//; s/  *\$//' '$dir/many' | head -n -2 | tail -n +2 |
			awk '{ print \$1, \$4, \$6 }' >'$dir/are'
		tr '=' ' ' <'$dir/ones' | awk '{ print \$2, \$4, \$6 }' |
			cmp -s - '$dir/are' && echo same \
			\$(grep -c ENDED '$dir/many')"
	check 'many: no wider than the piece needs' -o 'narrow wide' sh -c "
		[ \$(sed -n 1p '$dir/many' | wc -c) -lt \
			\$(grep one-of-the-longer '$dir/many' | wc -c) ] &&
			echo narrow wide"
	check 'many: in line with those above' -o 1 sh -c "
		sed -n '9000,12000p' '$dir/many' | cut -c 1-34 |
			awk '{ print index(\$0, \"T\") }' | sort -u | wc -l"
}

# users TIME...: who is listed, of the store of make_now.
users() {
	"$program" -s "$dir/now.db" list --format csv --columns user "$@" |
		tr -d '\r' | tail -n +2 | tr '\n' ' '
}

# since WHEN: who had a job end since then, as date reads it.
since() {
	sqlite3 "$dir/now.db" "SELECT user FROM incident
		WHERE ended >= $(date -d "$1" +%s) ORDER BY ended" | tr '\n' ' '
}

test_times() {
	month=$(date -d "$(date +%Y-%m-15) -1 month" +%Y-%m)

	make_now
	check 'time: now-7days' -o 'u4 u5 u6 ' users --since now-7days
	check 'time: now-2h' -o 'u6 ' users --since now-2h
	check 'time: until now-2weeks' -o 'u1 u2 ' users --until now-2weeks
	check 'time: yesterday' -o "$(since 'yesterday 0:00')" \
		users --since yesterday
	check 'time: today' -o "$(since 'today 0:00')" users --since today
	check 'time: a day with a time of day' -o "$(since "$month-10T08:00")" \
		users --since "$month-10T08:00"
	check 'time: last-month' -o "$(users --period "$month")" \
		users --period last-month
	check 'time: 2025-03-03 and until' -o '33 34 ' sh -c "'$program' \
		-s '$store' list --since 2025-03-03T10:01 \
		--until 2025-03-03T10:02 --format csv --columns event_id |
		tr -d '\r' | tail -n +2 | tr '\n' ' '"
	check 'time: several values by comma, and twice' -o 'u1 u2 u4 ' \
		users --user u1,u2 -u u4
}

test_show() {
	check 'show: what it cost' -o "\
Cost
  elapsed        02:00:00
  CPU hours      16.0
  GPU hours      4.0
  node hours     8.0  (4 nodes)" sh -c "'$program' -s '$store' show 31 |
		sed -n '/^Cost/,/^\$/p' | sed '\$d'"
	report show 31 | sed -n '/^Restoration/,$p' >"$dir/show"
	check 'show: restored, and its event' -o "\
Restoration
  outcome        requeued as job 70_1
  at             2025-03-03T10:01:01+00:00  (00:01:00 after it ended)
  ran again      2025-03-03T10:01:11+00:00  (00:01:10 after it ended)
  ended again    2025-03-03T11:56:41+00:00  (01:56:40 after it ended)
  since then     completed

Acknowledgement
  by             nobody yet

Other events of erin on alpha
  same event     3 incidents with 5 jobs: 30, 31, 32
  30 days before none
  year before    none" cat "$dir/show"
	report show 37 | sed -n '/^Since/,/^Rest/p; /^Ack/,$p' >"$dir/show"
	check 'show: acknowledged, and the neighbours' -o "\
Since it was found
  acknowledged   2025-03-03T11:02:00+00:00  (01:00:00 after it ended)
  because        agreed on the phone
  by             admin

Restoration
Acknowledgement
  by             admin
  at             2025-03-03T11:02:00+00:00  (01:00:00 after it ended)

Other events of bob on alpha
  same event     2 incidents with 2 jobs: 36, 37
  30 days before none
  year before    6 events, 2 of them only suspected
  nearest        13  2025-01-15T12:13  job 43: moved?, open
                 14  2025-01-15T12:14  job 44: rewritten, open
                 15  2025-01-15T12:15  job 45: signalled, open
                 16  2025-01-15T12:16  job 46: signalled?, open
                 17  2025-01-15T12:17  job 47: step-cancelled, open" \
		cat "$dir/show"
	check 'show: what follows, an event once' -o "\
  30 days before none
  year before    none
  nearest        25  2025-01-15T12:25  job 55: cancelled, restored
                 26  2025-01-15T12:26  job 56: unattributed?, open
                 33  2025-03-03T10:01  job 80+[0-1]: cancelled?, acknowledged" \
		sh -c "'$program' -s '$store' show 22 | sed -n '/^  30 days/,\$p'"
	check 'show: once' -o "$(report show 3 1)" report show 3 1 3 1
	check 'show: no colours in a pipe' -o '0' sh -c "
		'$program' -s '$store' show 31 | grep -c '$esc'; true"
	check 'show: json' -o "\
3 restored 14400000 None 3 changed {'state': 1024} no row\\x07
37 acknowledged 14400 2 acknowledged {'by': 'admin', 'why': 'agreed on the phone'}
[36, 37] {'events': 0, 'suspected': 0} {'events': 6, 'suspected': 2} [13, 14, 15, 16, 17]
bob cancelled the running job 95 (account acc) on the protected partition \
critical after 00:10:00 of work. That cost 1.3 CPU hours and 0.3 GPU hours. No \
restoration is recorded; the incident is acknowledged." python3 -c '
import json, sys
three, last = json.load(sys.stdin)
entries = three["entries"]
print(three["incident_id"], three["status"], three["cpu_seconds"] * 1000,
      three["node_seconds"], len(entries), entries[0]["kind"],
      {"state": entries[0]["content"]["state"]},
      entries[2]["content"].replace("\a", "\\x07"))
entry, = last["entries"]
print(last["incident_id"], last["status"], last["node_seconds"] * 6,
      last["row"]["nodes_alloc"] // 2, entry["kind"], entry["content"])
print(last["event_incidents"], last["in_30_days_before"],
      last["in_year_before"], [i["incident_id"] for i in last["nearest"]])
print(last["story"])' <<JSON
$(report show --format json 3 37)
JSON
	check 'show: json of none' -s 2 -o '[]' -e "\
$error there is no incident 99 (watcher-report list --unfold --suspected \
--exempt --corrected shows their numbers)" report show --format json 99
}

# widest COMMAND...: columns of the longest line, as a terminal counts them.
widest() {
	"$@" | python3 -c '
import re, sys, unicodedata
def width(c):
    if unicodedata.combining(c):
        return 0
    return 2 if unicodedata.east_asian_width(c) in "WF" else 1
lines = re.sub("\033\\[[0-9;]*m", "", sys.stdin.read()).splitlines()
print(max(sum(map(width, line)) for line in lines))'
}

test_terminal() {
	all="$program -s $store list --suspected --exempt --corrected"
	# shellcheck disable=SC2086 # several words
	{
		check 'terminal: 80 columns' -o "\
EVENT ENDED            JOB      USER PARTITION KIND             STATUS
   30 2025-03-03T10:00 70_[1-5] erin critical  cancelled        2 of 5 restored
   33 2025-03-03T10:01 80+0     dan  critical  cancelled        acknowledged
   34 2025-03-03T10:01 90       李明 prod-a    cancelled        open
   36 2025-03-03T10:02 95       bob  critical  step-cancelled,… 1 restored, 1 a…
4 events, 7 incidents, 9 jobs, 4 users
Not shown: 1 suspected (--suspected)" terminal 80 $program -s $store list \
			$march --color=never
		check 'terminal: 120 columns' -o "\
EVENT ENDED            CLUSTER JOB      JOBS USER ACCOUNT PARTITION KIND         CPU H GPU H STATUS        NAME
   30 2025-03-03T10:00 alpha   70_[1-5]    5 erin acc     critical  cancelled     24.0   6.0 2 of 5 resto… ensemble
   33 2025-03-03T10:01 alpha   80+0        1 dan  acc     critical  cancelled      4.0   1.0 acknowledged  coupled \"mod…
   34 2025-03-03T10:01 alpha   90          1 李明 acc     prod-a    cancelled      0.1   0.0 open          名前😀 é|
   36 2025-03-03T10:02 alpha   95          2 bob  acc     critical  step-cancel…   2.7   0.7 1 restored, … a b=c status…
4 events, 7 incidents, 9 jobs, 4 users
Not shown: 1 suspected (--suspected)" terminal 120 $program -s $store list $march --color=never
		check 'terminal: 40 columns' -o "\
EVENT ENDED            JOB STATUS
   36 2025-03-03T10:02 95  1 restored, …
the last event, 2 incidents, 2 jobs, 1
user" terminal 40 $program -s $store list $march --limit 1 --color never
		for width in 40 60 80 100 120 200; do
			check "terminal: nothing beyond $width columns" -o yes \
				sh -c "[ $(widest terminal $width $all) -le $width ] &&
					echo yes"
		done
		check 'terminal: what is asked for stays' -o \
			'DETECTED         ACCOUNT PARTITION JOB' \
			sh -c "script -qec 'stty cols 40; $program -s $store list \
				--columns detected,account,partition,job_id \
				$march --color=never' /dev/null </dev/null |
				sed -n 1p | tr -d '\r' | sed 's/ *\$//'"
		check 'terminal: COLUMNS' -o "$(terminal 200 $all)" \
			env COLUMNS=200 sh -c "script -qec 'stty cols 40; $all' \
				/dev/null </dev/null | tr -d '\r'"
		for columns in 4294967297 99999999999 999999999999999999999; do
			check "terminal: COLUMNS=$columns" \
				-o "$(terminal 10000 $all)" \
				env COLUMNS=$columns timeout 30 sh -c "
					script -qec '$all' /dev/null </dev/null |
						tr -d '\r'"
		done
	}
	check 'pipe: neither cut nor hidden, whatever COLUMNS' -o "$($all)" \
		env COLUMNS=40 sh -c "$all"
	check 'pipe: no colour' -o 0 sh -c "$all | grep -c '$esc'; true"
}

# colors: each colour, and what has it.
colors() {
	python3 -c '
import re, sys
names = {"1": "bold", "2": "dim", "31": "red", "32": "green", "33": "yellow"}
for code, text in re.findall("\033\\[([0-9]+)m(.*?)\033\\[0m",
                             sys.stdin.read(), re.S):
    print(names[code], " ".join(text.split()))' | sort -u
}

test_color() {
	list="$program -s $store list $march --columns kind,status"

	script -qec "stty cols 80; $list --suspected; $list --unfold" \
		/dev/null </dev/null | colors >"$dir/colors"
	check 'color: few, and each means something' -o "\
bold KIND
bold STATUS
dim Not shown: 1 suspected (--suspected)
green restored
red open
yellow 1 restored, 1 acknowledged
yellow 2 of 5 restored
yellow cancelled?" cat "$dir/colors"
	script -qec "$program -s $store list --period 2025-01 --exempt \
		--corrected --columns kind,status" /dev/null </dev/null |
		colors | grep dim >"$dir/colors"
	check 'color: aside what does not count' -o "\
dim Not shown: 6 suspected (--suspected)
dim alive
dim cleared
dim exempt: users = svc*" cat "$dir/colors"
	check 'color: always' -o 6 sh -c "$list --color=always |
		grep -c '$esc'"
	check 'color: WHEN as a word of its own' -o 6 \
		sh -c "$list --color always | grep -c '$esc'"
	for setting in NO_COLOR=1 TERM=dumb TERM=; do
		check "color: none with $setting" -o 0 sh -c "
			$setting script -qec '$list' /dev/null </dev/null |
				grep -c '$esc'; true"
	done
	check 'color: NO_COLOR empty is not set' -o 6 sh -c "
		NO_COLOR= script -qec '$list' /dev/null </dev/null |
			grep -c '$esc'"
	check 'color: always in spite of NO_COLOR' -o 6 sh -c "
		NO_COLOR=1 $list --color always | grep -c '$esc'"
	check 'color: never' -o 0 sh -c "
		script -qec '$list --color=never' /dev/null </dev/null |
			grep -c '$esc'; true"
	check 'color: none for programs' -o 0 sh -c "
		$list --color=always --format csv | grep -c '$esc'; true"
	check 'color: wrong' -s 2 \
		-e "$error --color blue is unknown (say auto, always or never)" \
		report list --color=blue
	check 'color: show' -o "\
bold Acknowledgement
bold Cost
bold Incident 34" sh -c "'$program' -s '$store' show 34 --color=always |
		sed -n 's/^$esc\[1m\([^$esc]*\).*/bold \1/p' | sort | sed -n 1,2p
		'$program' -s '$store' show 34 --color=always |
		sed -n '1s/^$esc\[1m\([^$esc]*\).*/bold \1/p'"
}

# bytes COMMAND...: control characters but line ends that a terminal gets.
bytes() {
	terminal 80 "$@" | python3 -c '
import sys, unicodedata
text = sys.stdin.buffer.read().decode()
print(sum(unicodedata.category(c) in ("Cc", "Cf") and c != "\n" for c in text))'
}

test_hostile() {
	for command in 'list --period 2024 --format csv' \
		'list --period 2024 --format json' \
		'list --period 2024 --format oneline' \
		'list --period 2024 --color=never' 'export' \
		'export --raw' 'export --format json' 'show 4 3 --color=never' \
		'show --format json 4 3' 'compliance --period 2024'; do
		check "terminal: nothing acts on it: $command" -o 0 \
			bytes "$program -s $store $command"
	done
	check 'terminal: csv shows what is there' -o \
		'"two' sh -c "script -qec '$program -s $store list --user carol \
			--period 2024 --format csv --columns job_name' \
			/dev/null </dev/null | tr -d '\r' | sed -n 2p"
	check 'terminal: csv escapes' -o \
		'lines, ""quoted"" \u001b[31m\u202elive"' \
		sh -c "script -qec '$program -s $store list --user carol \
			--period 2024 --format csv --columns job_name' \
			/dev/null </dev/null | tr -d '\r' | sed -n 3p"
	terminal 80 "$program -s $store list --user carol --period 2024 \
		--format json" >"$dir/shown"
	report list --user carol --period 2024 --format json >"$dir/piped"
	check 'terminal: json means what it meant' -o True python3 -c '
import json, sys
shown, piped = [json.load(open(name)) for name in sys.argv[1:]]
print(shown == piped)' "$dir/shown" "$dir/piped"
}

cat "$here/report.sql" "$here/verdicts.sql" "$here/list.sql" >"$dir/all.sql"
make_store "$store" "$dir/all.sql" || exit 1
all='--suspected --exempt --corrected'
# shellcheck disable=SC2086 # several words
{
	report list $all --unfold --format json >"$dir/listed"
	report export $all --format json >"$dir/exported"
}
sum=$(sha256sum "$store")
test_events
test_order
test_columns
test_formats
test_hints
test_times
test_many
test_show
test_terminal
test_color
test_hostile
check 'the store is as it was' -o "$sum" sha256sum "$store"
finish
