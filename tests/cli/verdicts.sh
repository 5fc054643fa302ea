#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# watcher-report on a store with every kind of verdict (verdicts.sql): how each
# is told, how it counts once more became known of it, and what others ended.

here=$(dirname "$0")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"

store=$dir/store.db
month='--since 2025-01-01 --until 2025-02-01 --cluster alpha'
TZ=UTC
export TZ

report() {
	"$build/reports/watcher-report" -s "$store" "$@"
}

# kinds FILTER...: number, kind and status of what is listed.
kinds() {
	# shellcheck disable=SC2086 # several words
	report list $month --columns event_id,kind,status "$@" |
		awk 'NR > 1 && !/^[0-9]* event|^Not/ { $1 = $1; print }'
}

# story ID: the first paragraph.
story() {
	report show "$1" | sed -n '3,/^$/p' | sed '/^$/d' | tr '\n' ' ' |
		sed 's/ $//; s/ (account acc) on the protected partition critical/ (...)/'
}

# part ID HEADING: a part of what is shown of the incident.
part() {
	report show "$1" | sed -n "/^$2/,/^\$/p" | sed '/^$/d'
}

test_list() {
	confirmed='12 moved open
14 rewritten open
15 signalled open
17 step-cancelled open
19 limit-cut open'

	check 'list: what was confirmed since counts' -o "$confirmed
25 cancelled restored" kinds
	check 'list: suspected ones are marked' -o "\
11 cancelled? open
12 moved open
13 moved? open
14 rewritten open
15 signalled open
16 signalled? open
17 step-cancelled open
18 tasks-withdrawn? open
19 limit-cut open
22 stalled? open
25 cancelled restored
26 unattributed? open" kinds --suspected
	check 'list: corrected ones only where asked for' -o "$confirmed
20 requeue-cancelled? alive
21 unattributed? cleared
23 cancelled alive
25 cancelled restored" kinds --corrected
	check 'list: the rule that exempts' -o '24 cancelled exempt: users = svc*
27 cancelled alive' kinds --user svc --exempt --corrected
	check 'list: kinds' -o '12 moved open
13 moved? open
22 stalled? open' kinds --suspected --kind moved,stalled
	check 'list: what it counts' -o '17 events, 17 incidents (6 suspected, 4 corrected), 18 jobs, 5 users' \
		sh -c "'$build/reports/watcher-report' -s '$store' list \
			$month --suspected --exempt --corrected | tail -n 1"
}

test_stories() {
	suspected='is suspected, not proven. No restoration is recorded.'
	cost='after 00:10:00 of work. That cost 0.7 CPU hours.'
	none='No restoration is recorded.'
	waiting='before it began to run.'

	check 'story: cancelled, suspected' -o "The running job 41 of alice (...) \
was cancelled $cost That it was alice $suspected" story 11
	check 'story: moved' -o "alice moved away and cancelled the waiting job 42 \
(...) $waiting $none" story 12
	check 'story: moved, suspected' -o "The waiting job 43 of bob (...) was \
moved to another partition and cancelled $waiting That it was bob $suspected" \
		story 13
	check 'story: rewritten' -o "bob cancelled the running job 44 (...) $cost \
$none" story 14
	check 'story: signalled' -o "bob sent a signal that ended the running job \
45 (...) $cost $none" story 15
	check 'story: signalled, suspected' -o "The running job 46 of bob (...) \
was ended by a signal $cost That it was bob $suspected" story 16
	check 'story: step-cancelled' -o "bob killed a step of the running job 47 \
(...), and it ended $cost $none" story 17
	check 'story: tasks-withdrawn, suspected' -o "2 waiting tasks of array job \
48_[5-6] of carol (...) were withdrawn before they began to run. That it was \
carol $suspected" story 18
	check 'story: limit-cut, confirmed since' -o "carol cut the time limit of \
the running job 49 (...), and it ended $cost At first that was only suspected. \
$none" story 19
	check 'story: requeue-cancelled, alive' -o "The running job 50 of carol \
(...) was requeued (and never came back) after 00:10:00 of work. But the job \
did not end, and this counts as no incident." story 20
	check 'story: unattributed, cleared' -o "The running job 51 of carol (...) \
was cancelled (accounting does not say by whom) after 00:10:00 of work. It \
turned out not to have been carol, and counts as no incident." story 21
	check 'story: stalled, suspected' -o "The suspended job 52 of dan (...) \
was suspended or held $cost That it was dan $suspected" story 22
	check 'story: cancelled, alive' -o "dan cancelled the running job 53 (...) \
after 00:10:00 of work. But the job did not end, and this counts as no \
incident." story 23
	check 'story: restored' -o "dan cancelled the running job 55 (...) $cost \
It was brought back as job 55." story 25
}

test_show() {
	check 'show: a suspected one' -o "\
Verdict
  kind           tasks-withdrawn, suspected
  because        job 48_[5-6] of carol (uid 1003) was pending when it was ended:
                 the array waits for these tasks no more, and they never
                 started.
  could also be  an operator may have cancelled them, or Slurm itself, for a
                 dependency; accounting keeps no rows of them
  protected by   [protect campaign]
  found by       open
  event          18" part 18 Verdict
	check 'show: one that was confirmed since' -o "\
Verdict
  kind           limit-cut, suspected, and corrected since
  because        it ended at a time limit shorter than the one it had
  protected by   [protect campaign]
  found by       open
  event          19
Correction
  it is          confirmed: it was the owner
  because        slurmctld's log names the owner
  corrected      2025-01-15T12:20:30+00:00  (00:01:30 after it ended)
Since it was found
  confirmed      2025-01-15T12:20:30+00:00  (00:01:30 after it ended)
  because        slurmctld's log names the owner" sh -c "
		'$build/reports/watcher-report' -s '$store' show 19 |
			sed -n '/^Verdict/,/^Evidence/p; /^Since/,/^Restoration/p' |
			sed '/^\$/d; /^Evid/d; /^Rest/d'"
	check 'show: one that was cleared' -o "\
Correction
  it is          cleared: it was not the owner
  because        =1+1\\x1b[31m: the log names uid 0
  corrected      2025-01-15T12:22:30+00:00  (00:01:30 after it ended)" \
		part 21 Correction
	check 'show: the first line' -o 'Incident 18, suspected, open
Incident 19, open
Incident 21, suspected, cleared
Incident 23, alive
Incident 24, exempt' sh -c "'$build/reports/watcher-report' -s '$store' show 18 19 21 23 24 | grep ^Incident"
	check 'show: a job that lives needs no restoration' -o 'Restoration
  outcome        none needed' part 23 Restoration
	check 'show: a restoration' -o 'Restoration
  outcome        requeued as job 55
  at             2025-01-15T12:25:30+00:00  (00:00:30 after it ended)' \
		part 25 Restoration
	report show 25 | sed -n '/^Since/,/^Restoration/p' | sed '$d' >"$dir/since"
	check 'show: entries, and what is no known one' -o "\
Since it was found
  restored       2025-01-15T12:25:30+00:00  (00:00:30 after it ended)
  how            requeued
  as job         55

  restored       2025-01-15T12:25:31+00:00  (00:00:31 after it ended)
  unreadable     {\"how\":7}

  entry          2025-01-15T12:25:32+00:00  (00:00:32 after it ended)
  applauded      {\"by\":\"\\x1b\"}" cat "$dir/since"
}

# section HEADING FILTER...: a part of the compliance report.
section() {
	heading=$1
	shift
	# shellcheck disable=SC2086 # several words
	report compliance $month "$@" | sed -n "/^$heading/,/^\$/p" |
		sed '/^$/d'
}

test_compliance() {
	check 'compliance: totals' -o 'Incidents
confirmed  6 incidents, 6 events, 6 jobs, 3.3 CPU hours, 0.0 GPU hours
suspected  6 incidents, 6 events, 7 jobs, 2.7 CPU hours, 0.0 GPU hours
1 of the confirmed only suspected at first
1 more not counted: cleared, it was not the owner
2 more not counted: alive, the job did not end' section Incidents
	check 'compliance: by kind' -o "\
By kind
KIND            VERDICT   INCIDENTS EVENTS JOBS CPU HOURS GPU HOURS RESTORED OPEN
cancelled       confirmed         1      1    1       0.7       0.0        1    0
cancelled       suspected         1      1    1       0.7       0.0        0    1
moved           confirmed         1      1    1       0.0       0.0        0    1
moved           suspected         1      1    1       0.0       0.0        0    1
signalled       confirmed         1      1    1       0.7       0.0        0    1
signalled       suspected         1      1    1       0.7       0.0        0    1
limit-cut       confirmed         1      1    1       0.7       0.0        0    1
rewritten       confirmed         1      1    1       0.7       0.0        0    1
step-cancelled  confirmed         1      1    1       0.7       0.0        0    1
tasks-withdrawn suspected         1      1    2       0.0       0.0        0    1
stalled         suspected         1      1    1       0.7       0.0        0    1
unattributed    suspected         1      1    1       0.7       0.0        0    1" \
		section 'By kind'
	check 'compliance: the rule that exempts' -o "\
Exempted, not counted above
USER INCIDENTS JOBS WHEN                      UNTIL RULE
svc          1    1 2025-01-15T12:24:00+00:00 -     exempt_users = svc*" \
		section Exempted
	check 'compliance: ended by others' -o "\
Ended by others, not counted above
45 jobs: 42 by operators or other users, 3 by Slurm itself
BY           JOBS BECAUSE
uid 0 (root)   41 accounting names another (kill_requid)
Slurm itself    2 slurmctld was started without its state, and all jobs were closed
Slurm itself    1 slurmctld gives a reason of its own
uid 1002        1 slurmctld's log names another" section 'Ended by others'
	check 'compliance: words are not cut' -o "\
Slurm itself    2 slurmctld was started without its state, and all jobs were
                  closed" sh -c "
		script -qec 'stty cols 80; $build/reports/watcher-report -s $store \
			compliance $month' /dev/null </dev/null | tr -d '\r' |
			sed -n '/^Slurm itself *2/,/closed/p'"
	check 'compliance: ended by others on a partition' -o "\
Ended by others, not counted above
1 job: 0 by operators or other users, 1 by Slurm itself
BY           JOBS BECAUSE
Slurm itself    1 slurmctld gives a reason of its own" \
		section 'Ended by others' --partition prod-a
	check 'compliance: of which users is not known' -o "\
Ended by others, not counted above
Not known by user, account or kind: these are recorded of incidents only." \
		section 'Ended by others' --user bob

	# shellcheck disable=SC2086 # several words
	report compliance $month --format csv | tr -d '\r' |
		grep '^total,\|^exempt,\|^corrected,\|^ended' >"$dir/csv"
	check 'compliance: csv' -o "\
total,all,confirmed,6,6,6,12000,0,1,0,5,,,,,,,0
total,all,suspected,6,6,7,9600,0,0,0,6,,,,,,,0
exempt,exempt_users = svc*,confirmed,1,1,1,2400,0,0,0,1,,,,,,,0
corrected,alive,confirmed,1,1,1,2400,0,0,0,0,,,,,,,0
corrected,alive,suspected,1,1,1,2400,0,0,0,0,,,,,,,0
corrected,cleared,suspected,1,1,1,2400,0,0,0,0,,,,,,,0
ended_by_others,0,,,,41,,,,,,,,,accounting names another (kill_requid),,,
ended_by_others,slurm,,,,2,,,,,,,,,\"slurmctld was started without its state, \
and all jobs were closed\",,,
ended_by_others,slurm,,,,1,,,,,,,,,slurmctld gives a reason of its own,,,
ended_by_others,1002,,,,1,,,,,,,,,slurmctld's log names another,,," cat "$dir/csv"

	# shellcheck disable=SC2086 # several words
	report compliance $month --format json >"$dir/json"
	# shellcheck disable=SC2086 # several words
	report compliance $month --format json --kind moved >"$dir/moved"
	check 'compliance: json' -o "6 6 1
[('alive', 1, 1), ('cleared', 0, 1)]
[(0, 41), (None, 2), (None, 1), (1002, 1)]
None" python3 - "$dir/json" "$dir/moved" <<'PYTHON'
import json, sys

report, moved = [json.load(open(name)) for name in sys.argv[1:]]
total = report["total"]
print(total["confirmed"]["incidents"], total["suspected"]["incidents"],
      total["proven"])
print([(row["name"], row["confirmed"]["incidents"],
        row["suspected"]["incidents"]) for row in report["corrected"]])
print([(row["uid"], row["jobs"]) for row in report["ended_by_others"]])
print(moved["ended_by_others"])
PYTHON
	# shellcheck disable=SC2086 # several words
	check 'compliance: what was confirmed since counts' -s 1 sh -c "
		'$build/reports/watcher-report' -s '$store' compliance $month \
			--kind limit-cut --check >/dev/null"
	# shellcheck disable=SC2086 # several words
	check 'compliance: what was cleared does not' sh -c "
		'$build/reports/watcher-report' -s '$store' compliance $month \
			--kind requeue-cancelled --check --suspected \
			--quiet-if-clean"
}

test_records() {
	# shellcheck disable=SC2086 # several words
	report export $month --corrected --kind limit-cut,requeue-cancelled |
		tr -d '\r' | cut -d , -f 1,12,13,31-35 >"$dir/csv"
	check 'records: csv' -o "\
incident_id,kind,confidence,section,causes,correction,corrected_at,correction_why
19,limit-cut,confirmed,campaign,an operator may have shortened it,confirmed,\
2025-01-15T12:20:30Z,slurmctld's log names the owner
20,requeue-cancelled,suspected,campaign,an operator,alive,\
2025-01-15T12:21:30Z,its row is open again: the job did not end" cat "$dir/csv"
}

cat "$here/report.sql" "$here/verdicts.sql" >"$dir/both.sql"
make_store "$store" "$dir/both.sql" || exit 1
test_list
test_stories
test_show
test_compliance
test_records
finish
