#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# watcher-report compliance in all its forms: what each writes of one store, in
# tests/cli/golden, whether they agree with each other and with the store's own
# sums, and the edges: nothing watched, nothing found, only suspected ones, a day
# of 25 hours, a period to come.
#
# --write: makes the files of tests/cli/golden anew, to be looked at.

write=
if [ "${1:-}" = --write ]; then
	write=yes
	shift
fi
here=$(dirname "$0")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"

program=$build/reports/watcher-report
store=$dir/store.db
TZ=UTC
PATH=$build/reports:$PATH
export PATH TZ

report() {
	"$program" -s "$store" compliance "$@"
}

# headline, lead ARGUMENTS...: the report's first line, and its summary.
headline() {
	report "$@" | head -n 1
}
lead() {
	report "$@" | sed -n '3,/^$/p' | sed '/^$/d' | tr '\n' ' ' |
		sed 's/ $//'
}

# normal FILE: the report as it is wherever and whenever it is made, HTML
# without its style sheet.
normal() {
	sed -E "s|$dir|DIR|g
		s/watcher-report [0-9]+\.[0-9.]+/watcher-report VERSION/
		s/((\"store_)?version\"?:? )[0-9]+/\1N/
		/made/s/20[0-9]{2}-[0-9-]+T[0-9:]+(Z|\+00:00)/NOW/g
		/<dt>Made</,/<\/dd>/s/20[0-9]{2}-[0-9-]+[T ][0-9:]+\+00:00/NOW/g
		s/'sha256-[^']*'/'HASH'/
		/^<style>/,/^<\/style>/d" "$1"
}

test_golden() {
	printf '[protect]\npartitions = critical, prod-*\nexempt_users = svc*
[protect campaign]\naccounts = acc\ngrace = 90s\n[store]\npath = %s\n' \
		"$store" >"$dir/watcher.conf"
	for form in text csv json html; do
		"$program" -c "$dir/watcher.conf" compliance --period 2025-01 \
			--format "$form" >"$dir/report.$form" || exit 1
		normal "$dir/report.$form" >"$dir/normal.$form"
		[ -z "$write" ] ||
			cp "$dir/normal.$form" "$here/golden/compliance.$form"
		check "golden: $form" diff "$here/golden/compliance.$form" \
			"$dir/normal.$form"
	done
	check 'golden: what all forms say is what the store says' \
		python3 "$here/compliance.py" "$dir"
	# What it says of itself makes it again.
	command=$(sed -n 's/^  again by  *//p' "$dir/report.text")
	eval "$command" | grep -v '^  made ' >"$dir/again"
	grep -v '^  made ' "$dir/report.text" >"$dir/first"
	check 'golden: made again' cmp "$dir/first" "$dir/again"
}

test_nothing() {
	make_store "$dir/empty.db" /dev/null
	store=$dir/empty.db
	check 'empty: nobody watched' -o 'INCOMPLETE: no cluster was ever watched.' \
		headline --period 2025-01
	check 'empty: and nothing is known' -o "Whether owners ended protected jobs \
in January 2025 is not known: nobody watched." lead --period 2025-01
	for form in text csv json html; do
		check "empty: $form" -s 4 sh -c "'$program' -s '$store' compliance \
			--period 2025-01 --check --quiet-if-clean \
			--format $form >'$dir/empty.$form'"
	done
	check 'empty: is well formed' python3 "$here/compliance.py" --form \
		"$dir/empty.html"
	store=$dir/store.db
	gap='was not watched for 366d 00:00:00'
	check 'gap: over all of it' -o "INCOMPLETE: cluster alpha $gap, beta $gap; \
what happened then is not known." headline --period 2020
	check 'gap: and nothing is known' -o "Whether owners ended protected jobs \
in 2020 is not known: nobody watched." lead --period 2020
	check 'clean: nothing happened' -o "On 10 January 2025, no protected job \
was ended by its owner." lead --period 2025-01-10
	check 'clean: of a user, and one that is mistyped' \
		-o "On 10 January 2025, counting only user nobody,alcie, no \
protected job was ended by its owner." \
		-e 'watcher-report: no incident of user nobody in the store
watcher-report: no incident of user alcie in the store' \
		lead --period 2025-01-10 --user nobody,alcie
	check 'clean: nobody is told of them where nothing is written' -o '' \
		report --period 2025-01-10 --user nobody --quiet-if-clean
	report --period 2025-01-10 --quiet-if-clean --format html \
		-o "$dir/clean.html"
	check 'clean: quiet' -s 1 test -e "$dir/clean.html"
	check 'clean: not quiet about a gap' -s 4 report --period 2025-01-20 \
		--quiet-if-clean --check -o /dev/null
	check 'to come: not begun' -o 'INCOMPLETE: the period has not begun.' \
		headline --period 9998
	check 'to come: nothing else' -s 1 sh -c "'$program' -s '$store' \
		compliance --period 9998 | grep -i 'protected job \|against'"
	check 'to come: no end' -s 2 -e "watcher-report: error: --since \
2040-01-01 has not come yet: the period would end before it begins" \
		report --since 2040-01-01
}

test_some() {
	noon=2025-01-15T12
	check 'some: only suspected ones' -o "From 15 January 2025 12:11 to 15 \
January 2025 12:12, no protected job is proven to have been ended by its owner; \
1 incident is suspected." lead --since $noon:11:00 --until $noon:12:00
	check 'some: which are none for --check' report --since $noon:11:00 \
		--until $noon:12:00 --cluster alpha --check -o /dev/null
	check 'some: all restored' -o "From 15 January 2025 12:14 to 15 January \
2025 12:16, 2 protected jobs were ended by their owners: 2 events of 1 user. \
That cost 1.3 CPU hours and 0.3 GPU hours. Of 2 incidents 2 were restored, 0 are \
still open." lead --since $noon:14:00 --until $noon:16:00
	check 'some: restored, and cancelled again' -o "From 15 January 2025 12:17 \
to 15 January 2025 12:18, 1 protected job was ended by its owner: 1 event of 1 \
user. That cost 0.7 CPU hours and 0.3 GPU hours. Of 1 incident 0 were restored, \
1 was restored and cancelled again, 0 are still open." lead \
		--since $noon:17:00 --until $noon:18:00
	check 'some: of a week' -o "In week 3 of 2025, 6 protected jobs were ended \
by their owners: 6 events of 4 users." sh -c "'$program' -s '$store' compliance \
		--period 2025-W03 --format csv | tr -d '\r' |
		sed -n 's/^summary,2025-W03,.*\"\(In .*users\.\) That.*/\1/p'"
	check 'some: of a quarter' -o 'In the fourth quarter of 2024' sh -c "
		'$program' -s '$store' compliance --period 2024-Q4 | grep -o '^In the fourth quarter of 2024'"
	check 'some: all of it was restored' -o 'confirmed 2 2 100.00 % 0 0 0' \
		sh -c "'$program' -s '$store' compliance --since $noon:14:00 \
			--until $noon:16:00 | sed -n '/^Restoration/,/^\$/p' |
			sed -n 's/^\(confirmed\)  */\1 /p' | tr -s ' ' |
			cut -d ' ' -f 1-8"
}

test_chain() {
	cp "$store" "$dir/pruned.db"
	sqlite3 "$dir/pruned.db" "
		INSERT INTO entry (incident_id, at, kind, content)
		VALUES (0, 1736942400, 'pruned', '{\"before\":1736899200}')"
	check 'pruned: is said' -o "INCOMPLETE: what ended before \
2025-01-15T00:00:00+00:00 was pruned, and is not in this report." sh -c "
		'$program' -s '$dir/pruned.db' compliance --since 2025-01-14 \
		--until 2025-01-16 | head -n 1"
	check 'pruned: is not whole' -s 4 "$program" -s "$dir/pruned.db" \
		compliance --period 2025-01-14 --check -o /dev/null
	check 'pruned: nobody claims that nothing happened' \
		-o 'Whether owners ended protected jobs on 13 January 2025 is not known any more:' \
		sh -c "'$program' -s '$dir/pruned.db' compliance \
			--period 2025-01-13 | sed -n 3p"
	check 'pruned: nor that all of it is told' \
		-o 'in what was not pruned of it,' sh -c "
		'$program' -s '$dir/pruned.db' compliance --since 2025-01-14 \
			--until 2025-01-16 | tr '\n' ' ' |
			grep -o 'in what was [^,]*,'"
	check 'pruned: list tells' \
		-o 'What ended before 2025-01-15T00:00:00+00:00 was pruned' sh -c "
		'$program' -s '$dir/pruned.db' list -S 2025-01-14 | tail -n 1"
	check 'pruned: list for programs, too' \
		-e 'watcher-report: what ended before 2025-01-15T00:00:00+00:00 was pruned' \
		sh -c "'$program' -s '$dir/pruned.db' list -S 2025-01-14 \
			--format csv >/dev/null"
	check 'pruned: and export' \
		-e 'watcher-report: what ended before 2025-01-15T00:00:00+00:00 was pruned' \
		"$program" -s "$dir/pruned.db" export -S 2025-01-14 -o "$dir/out.csv"
	check 'pruned: not beside what is listed' -o 0 sh -c "
		'$program' -s '$dir/pruned.db' list -S 2025-01-15 |
			grep -c pruned || true"
	check 'pruned: not beside the period' "$program" -s "$dir/pruned.db" \
		compliance --period 2025-01-16 --check -o /dev/null
}

test_zones() {
	day='compliance --period 2024-10-27 --cluster alpha --format json'
	check 'zones: a day of 25 hours' -o "90000 2024-10-26T22:00:00Z \
2024-10-27T23:00:00Z 2024-10-25T22:00:00Z" env TZ=Europe/Berlin sh -c "
		'$program' -s '$store' $day | python3 -c '
import json, sys
report = json.load(sys.stdin)
alpha, = report[\"coverage\"]
print(alpha[\"watched_seconds\"], report[\"period\"][\"since\"],
      report[\"period\"][\"until\"], report[\"before\"][\"since\"])'"
	check 'zones: named' -o '  time zone  CEST, then CET' env \
		TZ=Europe/Berlin sh -c "'$program' -s '$store' compliance \
		--period 2024-10 | grep 'time zone'"
	check 'zones: incidents are of local days' -o '2025-01-16 ' env \
		TZ=Pacific/Auckland sh -c "'$program' -s '$store' compliance \
		--period 2025-01 --format csv | sed -n 's/^day,//p' |
		cut -d , -f 1 | sort -u | tr '\n' ' '"
}

test_configuration() {
	check 'configuration: none was read' -o "  configuration  not known, none \
was read; incidents by [protect], [protect
                 campaign]" sh -c "'$program' -s '$store' compliance \
		--period 2025-01 | sed -n '/^  configuration/,/campaign/p'"
	check 'configuration: beside the store' -o "  configuration  \
$dir/watcher.conf, as it is now" sh -c "'$program' -s '$store' \
		-c '$dir/watcher.conf' compliance --period 2025-01 |
		grep '^  configuration'"
	"$program" -s "$store" -c "$dir/no.conf" compliance --period 2025-01 \
		>/dev/null 2>"$dir/err"
	check 'configuration: that cannot be read' -o '2 1' echo $? \
		"$(grep -c "^watcher-report: error: $dir/no.conf: " "$dir/err")"
}

cat "$here/report.sql" "$here/verdicts.sql" "$here/compliance.sql" \
	>"$dir/all.sql"
make_store "$store" "$dir/all.sql" || exit 1
test_golden
test_nothing
test_some
test_chain
test_zones
test_configuration
finish
