#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# watcher-report at the command line, on a store made by report.sql: what each
# subcommand prints, in two time zones, and how it fails.

here=$(dirname "$0")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"

program=$build/reports/watcher-report
store=$dir/store.db
november='--since 2024-11-01T00:00:00Z --until 2024-12-01T00:00:00Z'
error='watcher-report: error:'

report() {
	"$program" -s "$store" "$@"
}

# undated COMMAND...: a report without when it was made: two that are compared
# may be made in two seconds.
undated() {
	report "$@" >"$dir/dated"
	code=$?
	grep -v made "$dir/dated"
	return $code
}

# ids FILTER...: the numbers of what the filters let through.
ids() {
	report list --unfold --format csv "$@" | tail -n +2 | cut -d , -f 1 |
		grep '^[0-9]*$' | tr '\n' ' '
}

test_filters() {
	check 'filter: none' -o '1 2 3 4 ' ids
	check 'filter: suspected' -o '1 2 3 4 5 ' ids --suspected
	check 'filter: exempt' -o '1 2 3 4 6 ' ids --exempt
	check 'filter: open' -o '1 2 ' ids --open
	check 'filter: users' -o '1 2 3 ' ids --user alice,bob
	check 'filter: user given twice' -o '1 2 3 ' ids -u alice -u bob
	check 'filter: uid' -o '4 ' ids --user 1003
	check 'filter: account' -o '4 ' ids --account physics
	check 'filter: partition' -o '4 ' \
		-e 'watcher-report: no incident of partition open in the store' \
		ids --partition=prod-a,open
	check 'filter: cluster' -o '1 2 3 ' ids --cluster alpha
	check 'filter: kind' -o '1 2 3 4 ' ids --kind cancelled
	check 'filter: since' -o '3 4 ' ids --since 2024-11-23T07:00:01Z
	check 'filter: until' -o '1 2 ' ids --until 2024-11-23T07:00:01Z
	check 'filter: period' -o '3 ' ids --period 2024-11-23
	check 'filter: limit' -o '3 4 ' ids --limit 2
	check 'filter: a limit above all' -o '1 2 3 4 ' ids --limit 9
}

test_show() {
	noon=$(local_time '2024-11-24 12:00:00' | cut -c 1-16)

	check 'show: an incident' -o "\
Incident 1, open

alice cancelled the running job 3_1 (account acc) on the protected partition
critical after 2d 03:04:05 of work. That cost 408.5 CPU hours and 102.1 GPU
hours. No restoration is recorded.

When
  submitted      $(local_time '2024-11-20 08:00:00')
  started        $(local_time '2024-11-20 08:00:03')  (00:00:03 after it was submitted)
  ended          $(local_time '2024-11-22 11:04:08')  (2d 03:04:05 after it started)
  detected       $(local_time '2024-11-22 11:04:10')  (00:00:02 after it ended)

Job
  id             3_1
  name           naïve-λ
  cluster        alpha
  user           alice (uid 1001)
  account        acc
  partition      critical
  qos            normal

Cost
  elapsed        2d 03:04:05
  CPU hours      408.5
  GPU hours      102.1

Verdict
  kind           cancelled, confirmed
  because        kill_requid is the owner's uid
  found by       open
  event          1

Evidence: the job's row when it was found
  state          4           CANCELLED
  kill_requid    1001        whose cancellation Slurm accepted, a uid
  id_user        1001        the job's owner, a uid
  partition      critical
  exit_code      0
  time_end       1732273448  $(local_time '2024-11-22 11:04:08')
  timelimit      60          minutes
  nodelist       n1
  submit_line    sbatch job.sh

Restoration
  to restore it  watcher restore 1

Acknowledgement
  by             nobody yet

Other events of alice on alpha
  same event     2 incidents with 5 jobs: 1, 2
  30 days before none
  year before    none
  nearest        5  $noon  job 21: cancelled?, open" report show 1

	report show 4 | sed -n '/^  name/p; /^Restoration/,$p' >"$dir/show"
	check 'show: hostile bytes, an acknowledgement' -o "\
  name           two\\nlines, \"quoted\" \\x1b[31m\\u{202e}live
Restoration
  to restore it  watcher restore 4

Acknowledgement
  by             root
  at             $(local_time '2024-11-25 08:00:00')  (21:30:00 after it ended)

Other events of carol on beta
  30 days before none
  year before    none" cat "$dir/show"

	report show 2 3 | grep -A 2 '^Incident\|^Restoration' >"$dir/show"
	check 'show: several' -o "\
Incident 2, open

alice cancelled 4 waiting tasks of array job 3_[2,4-6] (account acc) on the
--
Restoration
  to restore it  watcher restore 2

--
Incident 3, restored

bob cancelled the running job 17 (account acc) on the protected partition
--
Restoration
  outcome        requeued as job 17
  at             $(local_time '2024-11-23 09:00:00')  (01:59:59 after it ended)" cat "$dir/show"

	report show 3 | sed -n '/^Since/,/^Restoration/p' >"$dir/show"
	check 'show: what changed since' -o "\
Since it was found
  row changed    $(local_time '2024-11-23 08:00:01')  (01:00:00 after it ended)
  state          4 (CANCELLED) -> 1024 (REQUEUED)
  kill_requid    1002 -> -1
  time_end       1732345201 ($(local_time '2024-11-23 07:00:01')) -> 1732345261
                 ($(local_time '2024-11-23 07:01:01'))

  row changed    $(local_time '2024-11-23 09:00:01')  (02:00:00 after it ended)
  derived_es     not recorded -> \"\\x1b[2J\\ngone\"

  row changed    $(local_time '2024-11-23 10:00:01')  (03:00:00 after it ended)
  unreadable     no row\\x07

Restoration" cat "$dir/show"

	hint='(watcher-report list --unfold --suspected --exempt --corrected'
	hint="$hint shows their numbers)"
	check 'show: unknown numbers keep no other back' -s 2 \
		-o "$(report show 1 4)" \
		-e "\
$error there is no incident 99
$error x7 is not the number of an incident
$error 0 is not the number of an incident $hint" \
		report show 99 1 x7 1 0 4 1
}

# headline ARGUMENTS...: the report's first line.
headline() {
	report compliance "$@" | head -n 1
}

test_coverage() {
	whole='Complete: the whole period was watched.'
	unknown='; what happened then is not known.'

	check 'coverage: whole' -o "$whole" headline \
		--since 2024-11-20T00:00:00Z --until 2024-11-25T00:00:00Z
	check 'coverage: a gap that only touches' -o "$whole" headline \
		--since 2024-11-10T02:00:00Z --until 2024-11-11T00:00:00Z \
		--cluster alpha
	check 'coverage: of one cluster' -o \
		"INCOMPLETE: cluster alpha was not watched for 02:00:00$unknown" \
		headline --since 2024-11-08T00:00:00Z \
		--until 2024-11-12T00:00:00Z --cluster alpha
	check 'coverage: before the first span' -o \
		"INCOMPLETE: cluster alpha was not watched for 01:00:00$unknown" \
		headline --since 2024-10-19T23:00:00Z \
		--until 2024-10-21T00:00:00Z --cluster alpha
	check 'coverage: behind the last span' -o \
		"INCOMPLETE: cluster beta was not watched for 2d 00:00:00$unknown" \
		headline --since 2024-12-04T00:00:00Z \
		--until 2024-12-07T00:00:00Z --cluster beta
	check 'coverage: an unknown cluster' -o \
		"INCOMPLETE: cluster gamma was not watched for 1d 00:00:00$unknown" \
		headline --since 2024-11-20T00:00:00Z \
		--until 2024-11-21T00:00:00Z --cluster gamma
	check 'coverage: a period to come' -o \
		'INCOMPLETE: the period has not begun.' headline --period 9998
}

# spans ARGUMENTS...: of the store with the clusters of coverage.sql.
spans() {
	"$program" -s "$dir/spans.db" "$@"
}

test_spans() {
	since=$(local_time '2024-10-20 00:00:00')
	first=$(local_time '2024-10-25 00:00:00')
	begun=$(local_time '2024-11-01 00:00:00')
	down=$(local_time '2024-11-10 00:00:00')
	half=$(local_time '2024-11-11 00:00:00')
	back=$(local_time '2024-11-12 00:00:00')
	lost=$(local_time '2024-11-15 12:00:00')
	sent=$(local_time '2024-11-14 16:00:00')
	until=$(local_time '2024-11-19 00:00:00')
	why='watcher was not running; caught up: 1 incidents, 0 lost jobs'
	period='--since 2024-10-20T00:00:00Z --until 2024-11-19T00:00:00Z'
	jobs="\
Jobs that were gone from accounting before they were seen to end
CLUSTER MISSED                    JOB   UID PARTITION SUBMITTED                 NAME
delta   $lost 31_7 1001 critical  $sent =1+1\\u{202e}
delta   $lost -       - -         -                         -"

	# shellcheck disable=SC2086 # several words
	check 'spans: text' -o "\
delta: watched 53.33 %, backfilled 26.66 %, not watched for 6d 00:00:00 in 2 gaps, 2 jobs lost
FROM                      UNTIL                             FOR HOW        BECAUSE
$since $first 5d 00:00:00 gap        not watched yet
$first $begun 7d 00:00:00 backfilled not watched yet
$begun $down 9d 00:00:00 watched    -
$down $half 1d 00:00:00 backfilled $why
$half $back 1d 00:00:00 gap        $why
$back $until 7d 00:00:00 watched    -
$lost $lost           - lost       job 31_7 of uid 1001 on critical was deleted
$lost $lost           - lost       a job was deleted

$jobs" spans coverage $period --cluster delta

	# shellcheck disable=SC2086 # several words
	spans compliance $period --cluster delta >"$dir/compliance"
	check 'spans: in a compliance report' -o "\
INCOMPLETE: cluster delta was not watched for 6d 00:00:00; what happened then \
is not known. 2 jobs vanished from accounting before they were seen to end; \
what became of them is not known. Looked at afterwards: cluster delta was \
backfilled for 8d 00:00:00; what only showed while a job was alive was not \
seen then.

CLUSTER WATCHED BACKFILLED NOT WATCHED GAPS LOST JOBS
delta   53.33 %    26.66 % 6d 00:00:00    2         2

CLUSTER NOT WATCHED FROM          UNTIL                             FOR BECAUSE
delta   $since $first 5d 00:00:00 not watched yet
delta   $half $back 1d 00:00:00 $why

$jobs" sed -n '1,2p; /^CLUSTER WATCHED/,/^delta .* -$/p' "$dir/compliance"
}

# last FIELDS CLUSTER: what the last row of CSV says.
last() {
	spans coverage --format csv --cluster "$2" | tail -n 1 | tr -d '\r' |
		cut -d , -f "$1"
}

test_now() {
	check 'now: an open gap' -o \
		'delta,2024-11-20T00:00:00Z,,gap,database out of reach,,,,' \
		last 1- delta
	check 'now: no pass any more' -o \
		'2024-12-05T00:00:00Z,,gap,no pass of the watcher since' \
		last 2-5 alpha
	check 'now: watched' -o 'eps,2024-11-01T00:00:00Z,,watched,,,,,' \
		last 1- eps
	check 'now: a gap by a clock that is ahead' -o ',gap,server is gone' \
		last 3-5 zeta
	spans coverage >"$dir/text"
	check 'now: in text' -o "\
alpha NOT watched
beta NOT watched
delta NOT watched
eps watched
theta watched
zeta NOT watched" sed -n 's/^\([a-z]*\): .*; \(.*\) now$/\1 \2/p' "$dir/text"
	check 'now: its line' -o "\
$(local_time '2024-11-20 00:00:00') now gap database out of reach" \
		sed -n '/database out of reach$/s/ *[0-9]*d [0-9:]* / /; s/ gap  */ gap /; /now gap data/p' "$dir/text"
	check 'now: not beyond a period that is over' -o \
		"$(local_time '2024-11-20 00:00:00') \
$(local_time '2024-12-01 00:00:00') 11d 00:00:00 gap        database out of reach" \
		sh -c "'$program' -s '$dir/spans.db' coverage $november \
			--cluster delta | sed -n '/database/p'"
	check 'now: json' -o 'delta False None True 2 31_7 {"id_job":40}' \
		python3 -c '
import json, sys
report = json.load(sys.stdin)
delta, = report["clusters"]
lost = delta["lost"]
print(delta["cluster"], delta["watched_now"], delta["spans"][-1]["until"],
      delta["seconds"] == sum(s["seconds"] for s in delta["spans"]),
      len(lost), lost[0]["job_id"],
      json.dumps({"id_job": lost[0]["remembered"]["id_job"]},
                 separators=(",", ":")))' <<JSON
$(spans coverage --format json --cluster delta,delta)
JSON
	check 'now: never watched' -o 'omega: never watched' \
		spans coverage --cluster omega
	check 'now: a period before all' -o 'eps: nothing is known of that time' \
		spans coverage --cluster eps --until 2024-01-01
}

test_backfilled() {
	whole='--since 2024-10-26T00:00:00Z --until 2024-11-05T00:00:00Z'
	vanished='--since 2024-11-15T00:00:00Z --until 2024-11-16T00:00:00Z'

	# shellcheck disable=SC2086 # several words
	{
		check 'backfilled: is no gap' -o "\
Complete: the whole period was watched or backfilled. Looked at afterwards: \
cluster delta was backfilled for 6d 00:00:00; what only showed while a job was \
alive was not seen then." sh -c "'$program' -s '$dir/spans.db' compliance \
			$whole --cluster delta --check | head -n 1"
		check 'backfilled: nor for --check' \
			spans compliance $whole --cluster delta --check \
			--quiet-if-clean
		check 'lost jobs: are one' -s 4 -o "\
INCOMPLETE: 2 jobs vanished from accounting before they were seen to end; \
what became of them is not known." sh -c "'$program' -s '$dir/spans.db' \
			compliance $vanished --cluster delta --check \
			--quiet-if-clean >'$dir/lost'; code=\$?
			head -n 1 '$dir/lost'; exit \$code"
		check 'lost jobs: not beside the period' -o \
			'Complete: the whole period was watched.' sh -c "'$program' -s '$dir/spans.db' compliance \
			--since 2024-11-15T12:00:01Z --until 2024-11-16T00:00:00Z \
			--cluster delta | head -n 1"
		spans compliance $vanished --cluster delta --format csv |
			grep -a '^\(watched\|backfilled\|lost\)' |
			tr -d '\r' >"$dir/csv"
	}
	check 'lost jobs: csv' -o "\
watched,delta,,,,,,,,,,2024-11-15T00:00:00Z,2024-11-16T00:00:00Z,86400,,,,
backfilled,delta,,,,,,,,,,2024-11-15T00:00:00Z,2024-11-16T00:00:00Z,0,,,,
lost,delta,,,,,,,,,,2024-11-15T12:00:00Z,2024-11-15T12:00:00Z,0,job 31_7 of \
uid 1001 on critical was deleted; submitted 2024-11-14T16:00:00Z; name \
=1+1$(printf '\342\200\256'),,,
lost,delta,,,,,,,,,,2024-11-15T12:00:00Z,2024-11-15T12:00:00Z,0,a job was \
deleted,,," cat "$dir/csv"
	check 'lost jobs: a formula in csv' -o "31_7,1001,critical,'=1+1$(
		printf '\342\200\256'
	)" sh -c "'$program' -s '$dir/spans.db' coverage --format csv \
		$vanished | tr -d '\r' | sed -n 's/.*deleted,\(31.*\)/\1/p'"
}

test_exit_codes() {
	clean='--since 2024-11-20T00:00:00Z --until 2024-11-21T00:00:00Z'
	found='--since 2024-11-22T00:00:00Z --until 2024-11-23T00:00:00Z'
	hole='--since 2024-11-10T00:00:00Z --until 2024-11-11T00:00:00Z'
	doubt='--since 2024-11-24T11:00:00Z --until 2024-11-24T13:00:00Z'

	# shellcheck disable=SC2086 # several words
	{
		check 'check: clean' -o '' \
			undated compliance $clean --check --quiet-if-clean
		check 'check: clean and not quiet' -o \
			"$(undated compliance $clean)" \
			undated compliance $clean --check
		check 'check: incidents' -s 1 -o "$(undated compliance $found)" \
			undated compliance $found --check --quiet-if-clean
		check 'check: a gap' -s 4 -o "$(undated compliance $hole)" \
			undated compliance $hole --check --quiet-if-clean
		check 'check: incidents and a gap' -s 1 \
			-o "$(undated compliance $november --format csv)" \
			undated compliance $november --check --format csv
		check 'check: suspected ones are none' \
			-o "$(undated compliance $doubt)" \
			undated compliance $doubt --check
		check 'check: unless they are asked for' -s 1 \
			-o "$(undated compliance $doubt --suspected)" \
			undated compliance $doubt --check --suspected
	}
}

test_usage() {
	lists='(watcher-report --help lists commands)'
	all='(watcher-report --help lists all of them)'
	times='(write 2026-11-22, 2026-11-22T08:00, 11/22, 08:00, yesterday or'
	times="$times now-7days)"
	periods='(write today, last-week, this-month, 2026, 2026-Q3, 2026-10,'
	periods="$periods 2026-W47 or 2026-10-31)"

	check 'usage: no command' -s 2 \
		-e "$error what to report is missing $lists" report
	check 'usage: unknown command' -s 2 \
		-e "$error there is no command frob $lists" report frob
	check 'usage: unknown option' -s 2 \
		-e "$error unknown option --frob $all" report list --frob
	check 'usage: unknown letter' -s 2 \
		-e "$error unknown option -q $all" report list -q
	check 'usage: missing value' -s 2 \
		-e "$error --user needs a value $all" report list --user
	check 'usage: value for a flag' -s 2 \
		-e "$error --open=1 takes no value $all" report list --open=1
	check 'usage: option of another command' -s 2 \
		-e "$error --limit is not an option of export" \
		report export --limit 3
	check 'usage: operand' -s 2 \
		-e "$error list takes no operand, but got 3" report list 3
	check 'usage: no number' -s 2 \
		-e "$error show needs the number of an incident" report show
	check 'usage: bad time' -s 2 \
		-e "$error --since: \"soon\" is not a time $times" \
		report list --since soon
	check 'usage: bad period' -s 2 \
		-e "$error --period: \"2024-13\" is not a period $periods" \
		report list --period 2024-13
	check 'usage: a period that is too late' -s 2 \
		-e "$error --period: \"9999\" ends after the last time there is \
$periods" report list --period 9999
	check 'usage: twice' -s 2 -e "$error --period is there twice" \
		report list --period 2024 --suspected --period 2025
	check 'usage: twice, a list' -o "$(report list --user alice,bob)" \
		report list --user alice --user bob
	check 'usage: no output' -s 2 -e "$error --output is empty" \
		report export -o ''
	check 'usage: no store' -s 2 -e "$error --store is empty" \
		"$program" list -s ''
	for others in 'list --format text' 'list --format json' \
		'list --format oneline' 'export --format jsonl' \
		'compliance --period 2024 --format html' \
		'coverage --format text'; do
		# shellcheck disable=SC2086 # several words
		check "usage: raw $others" -s 2 -e "$error --raw is for CSV, \
and not for --format ${others##* }" report $others --raw
	done
	check 'usage: raw without a format' -s 2 \
		-e "$error --raw is for CSV, and not for --format text" \
		report list --raw
	check 'usage: period and since' -s 2 -e "$error --period and --since \
or --until exclude each other" report list --period 2024 --since 2024-01-01
	check 'usage: until before since' -s 2 \
		-e "$error --until 2024-01-01 is not after 2024-01-01" \
		report list --since 2024-01-01 --until 2024-01-01
	check 'usage: no period' -s 2 -e "$error compliance needs a period \
(--period last-month, or --since TIME)" report compliance
	check 'usage: bad kind' -s 2 \
		-e "$error --kind frob is unknown (kinds are cancelled, moved, \
rewritten, signalled, step-cancelled, tasks-withdrawn, limit-cut, \
requeue-cancelled, unattributed, stalled)" \
		report list --kind cancelled,frob
	check 'usage: empty list' -s 2 \
		-e "$error --user names nothing" report list --user ' ,'
	check 'usage: bad limit' -s 2 \
		-e "$error --limit 3x is not a number above 0" \
		report list --limit 3x
	check 'usage: bad format' -s 2 \
		-e "$error --format xml is unknown (export writes csv, json, jsonl)" \
		report export --format xml
	for others in '--raw' '--format json'; do
		# shellcheck disable=SC2086 # several words
		check "usage: --spreadsheet $others" -s 2 \
			-e "$error --spreadsheet is for CSV, and not for --raw" \
			report export --spreadsheet $others
	done
	check 'usage: html' -s 2 -e "$error --format html is unknown (export \
writes csv, json, jsonl)" report export --format html
	check 'usage: control bytes' -s 2 \
		-e "$error there is no command a\\x1b[31m\\nb $lists" \
		report "$(printf 'a\033[31m\nb')"
}

test_stores() {
	cp "$store" "$dir/newer.db"
	sqlite3 "$dir/newer.db" 'PRAGMA user_version = 99'
	echo "no database" >"$dir/text.db"
	sqlite3 "$dir/other.db" 'CREATE TABLE incident (a)'
	mkdir "$dir/folder.db"
	for bad in newer text other folder missing; do
		"$program" -s "$dir/$bad.db" list >"$dir/out" 2>"$dir/err"
		check "store: $bad" -o "3 0 1 1" echo $? \
			"$(wc -l <"$dir/out")" "$(wc -l <"$dir/err")" \
			"$(grep -c "^$error store $dir/$bad.db: " "$dir/err")"
	done

	mkfifo "$dir/fifo.db"
	: >"$dir/nothing.db"
	file='(name the file itself that holds the incidents)'
	for what in list verify; do
		check "store: a folder to $what" -s 3 \
			-e "$error store $dir/folder.db: is a folder $file" \
			"$program" -s "$dir/folder.db" $what
		check "store: a pipe to $what" -s 3 \
			-e "$error store $dir/fifo.db: is no regular file $file" \
			timeout 20 "$program" -s "$dir/fifo.db" $what
		check "store: an empty file to $what" -s 3 -e "$error store \
$dir/nothing.db: is empty (a first \`watcher once\` makes it a store)" \
			"$program" -s "$dir/nothing.db" $what
		check "store: a text to $what" -s 3 -e "$error store \
$dir/text.db: is no SQLite database (name another file, or restore it from a \
backup)" "$program" -s "$dir/text.db" $what
	done
	check 'store: a device' -s 3 \
		-e "$error store /dev/null: is no regular file $file" \
		"$program" -s /dev/null list

	printf '[protect]\npartitions = critical\n[store]\npath = %s\n' \
		"$store" >"$dir/watcher.conf"
	check 'store: by -c' -o "$(report list)" \
		"$program" -c "$dir/watcher.conf" list
	check 'store: by WATCHER_CONF' -o "$(report list)" \
		env WATCHER_CONF="$dir/watcher.conf" "$program" list
	check 'store: -s before -c' -o "$(report list)" \
		"$program" -c /nonexistent -s "$store" list
	check 'show: the command names the configuration' \
		-o "  to restore it  watcher -c $dir/watcher.conf restore 1" \
		sh -c "'$program' -c '$dir/watcher.conf' show 1 | grep restore"
	"$program" -c "$dir/missing.conf" list 2>"$dir/err"
	check 'configuration: missing' -o '2 1' echo $? \
		"$(grep -c "^$error $dir/missing.conf: " "$dir/err")"
}

test_output() {
	report export >"$dir/wanted.csv"
	(
		cd "$dir" || exit
		mkdir files
		umask 027
		report export -o files/new.csv
		echo old >files/old.csv
		chmod 604 files/old.csv
		ln -s old.csv files/link.csv
		report export --output=files/link.csv
	)
	check 'output: a new file, an old one by its link' -o "\
-rw-r----- new.csv
-rw----r-- old.csv
lrwxrwxrwx link.csv" sh -c "cd '$dir/files' && stat -c '%A %n' new.csv old.csv \
			link.csv && cmp new.csv '$dir/wanted.csv' &&
			cmp old.csv '$dir/wanted.csv'"
	check 'output: nothing beside it' -o 'link.csv new.csv old.csv' \
		sh -c "cd '$dir/files' && echo *"
	check 'output: -' -o "$(cat "$dir/wanted.csv")" report export -o -
	check 'output: no folder' -s 3 \
		-e "$error cannot write $dir/no/x: No such file or directory" \
		report export -o "$dir/no/x"

	echo old >"$dir/files/old.csv"
	# In WAL mode SQLite's own files beside the store hit the limit first.
	cp "$store" "$dir/plain.db"
	sqlite3 "$dir/plain.db" 'PRAGMA journal_mode = DELETE' >/dev/null
	check 'output: too large leaves the old one' -s 3 -o 'old' \
		-e "$error cannot write to $dir/files/old.csv: File too large" \
		sh -c "ulimit -f 1; '$program' -s '$dir/plain.db' export --suspected \
			-o '$dir/files/old.csv'; code=\$?
			cat '$dir/files/'old.csv*; exit \$code"
	full='standard output: No space left on device'
	for command in 'list' 'show 1' 'export' 'export --format json' \
		'compliance --period 2024' \
		'compliance --period 2024 --format csv' \
		'compliance --period 2024 --format json' \
		'compliance --period 2024 --format html' 'coverage' \
		'coverage --format csv' 'coverage --format json'; do
		check "disk full: $command" -s 3 \
			-e "$error cannot write to $full" \
			sh -c "'$program' -s '$store' $command >/dev/full"
	done
	check 'disk full: --output' -s 3 -e "$error cannot write to /dev/full: \
No space left on device" report export -o /dev/full
	check 'broken pipe: not a word' \
		sh -c "{ sleep 0.2; '$program' -s '$store' list; } | true"
}

test_help() {
	version=$("$program" --version)
	check 'version' -o "watcher-report ${version#watcher-report }" \
		"$program" -V
	check 'help' -o 'Usage: watcher-report [-s STORE | -c FILE] COMMAND [OPTION]...' \
		sh -c "'$program' --help | head -n 1"
	check 'help: of a command' -o 'Usage: watcher-report [-s STORE | -c FILE] show [OPTION]... ID...' \
		sh -c "'$program' show -h | head -n 1"
}

make_store "$store" "$here/report.sql" || exit 1
cat "$here/report.sql" "$here/coverage.sql" >"$dir/both.sql"
make_store "$dir/spans.db" "$dir/both.sql" || exit 1
sum=$(sha256sum "$store")
for TZ in UTC Europe/Berlin; do
	export TZ
	test_show
	test_spans
	test_now
done
test_filters
test_backfilled
test_coverage
test_exit_codes
test_usage
test_stores
test_output
test_help
check 'the store is as it was' -o "$sum" sha256sum "$store"
finish
