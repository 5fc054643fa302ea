#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every command, option, exit code, kind and column is in the manual, and the
# manual has no other: held against what the programs say of themselves.
# Configuration keys are held against it by tests/test_conf_keys.c.

# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

watcher=$build/watcher/watcher
report=$build/reports/watcher-report

# The words of standard input, each once, sorted, on one line.
line() {
	sort -u | tr '\n' ' '
}

# section FILE NAME: what a manual page has under a heading.
section() {
	awk -v name="$2" '
		/^\.S[hs] / { inside = ($0 == ".Sh " name || $0 == ".Ss " name); next }
		inside' "$root/doc/$1"
}

# Commands: of --help, and of a manual.
helped_commands() {
	"$1" --help | sed -nE 's/^  ([a-z]+) .*/\1/p' | line
}

described_commands() {
	section "$1" DESCRIPTION | sed -nE 's/^\.It Cm ([a-z]+).*/\1/p' | line
}

# Options with two dashes: of --help of the program and of its commands, of a
# manual's lists, and those that only its synopses have.
helped_options() {
	{
		"$1" --help
		[ "$1" != "$report" ] || for command in $(helped_commands "$1"); do
			"$1" "$command" --help
		done
	} | grep -oE -e '--[a-z][a-z-]+' | line
}

options_in() {
	grep -oE 'Fl -[a-z][a-z-]+|--[a-z][a-z-]+' | sed 's/^Fl -/--/' | sort -u
}

described_options() {
	section "$1" DESCRIPTION | grep '^\.It' | options_in | line
}

unknown_options() {
	helped_options "$2" | tr ' ' '\n' |
		comm -13 - <(section "$1" SYNOPSIS | options_in)
}

# letters --help | MANUAL: which option each letter is short for.
helped_letters() {
	"$1" --help | sed -nE 's/^  -([a-zA-Z]), (--[a-z-]+).*/\1\2/p' | line
}

described_letters() {
	section "$1" DESCRIPTION |
		sed -nE 's/^\.It Fl ([a-zA-Z]) .*Fl -([a-z-]+).*/\1--\2/p' | line
}

# Exit codes: the digits of that paragraph of --help, and the manual's list.
helped_codes() {
	"$1" --help | sed -n '/^.*Exit codes/,$p' | sed 's/(.*)//' |
		grep -oE '[0-9]' | line
}

described_codes() {
	section "$1" 'EXIT STATUS' | sed -nE 's/^\.It ([0-9])$/\1/p' | line
}

# Words of a manual's list: .It Li a , b , c, and names in a sentence.
described_columns() {
	section watcher-report.1 CSV |
		sed -n '/^columns of$/d; /are, in this order/,/^\.El/p' |
		sed -nE 's/^\.It Li (.*)/\1/p' | tr -d ' ' | tr ',' '\n' |
		tr '\n' ,
}

# The words of .Li macros between two lines: FROM TO.
listed() {
	section watcher-report.1 CSV | sed -n "/$1/,/$2/p" |
		sed -nE 's/^\.Li (.*)/\1/p' | tr -d ' .;' | tr ',' '\n' |
		grep . | tr '\n' ,
}

described_kinds() {
	section "$1" Kinds | sed -nE 's/^\.It Cm ([a-z-]+)$/\1/p' | tr '\n' ' '
}

described_periods() {
	section watcher-report.1 'Times and periods' |
		sed -n '/^Periods are/,/^a year/p' | sed -n 's/^\.Cm //p' |
		tr -d ' ' | tr ',\n' ' ' | tr -s ' '
}

# Metrics, with their types, labels or not: of the program, and of the manual.
metrics() {
	"$watcher" -c "$dir/watcher.conf" status --format prometheus |
		sed -nE 's/^# TYPE (watcher_[a-z_]+) .*/\1/p'
}

described_metrics() {
	section watcher.8 Metrics | sed -nE 's/^\.It Va (watcher_[a-z_]+).*/\1/p'
}

# The labels of each, as the program writes them for a store that has of all.
labels() {
	grep -v '^#' "$root/tests/cli/golden/status.prom" |
		sed -E 's/="[^"]*"//g; s/ [^ ]*$//; s/[{}]/ /g; s/ $//' |
		sort -u
}

described_labels() {
	section watcher.8 Metrics |
		sed -nE 's/^\.It Va (watcher_[a-z_]+)( Pq Va (.*))?/\1 \3/p' |
		sed 's/ , /,/g; s/ $//' | sort -u
}

# Those that the example rules use.
ruled_metrics() {
	grep -oE 'watcher_[a-z_]+' "$root/conf/watcher-alerts.yml" | sort -u |
		comm -13 <(metrics | sort) -
}

# The version that the packages have.
packaged_versions() {
	sed -n '1s/.*(\(.*\)).*/\1/p' "$root/debian/changelog"
	sed -n 's/^Version: *//p' "$root/packaging/watcher.spec"
}

# The units that are installed, and those of the manual.
units() {
	find "$root/conf" -name '*.service.in' -o -name '*.timer.in' |
		sed 's|.*/||; s|\.in$||' | line
}

described_units() {
	section watcher.8 UNITS | sed -n 's/^\.It Pa //p' | tr -d ' ' |
		tr ',' '\n' | line
}

# What `watcher check` judges: the keys of its table of rules, those of them that
# are of Slurm's files, and what manual and snippets have.
judged() {
	sed -nE 's/^\t\{[A-Za-z_]+, "([A-Za-z_]+)", .*/\1/p' \
		"$root/watcher/advice.c" | line
}

judged_of_slurm() {
	sed -nE 's/^\t\{slurm(dbd)?_conf, "([A-Za-z]+)", .*/\2/p' \
		"$root/watcher/advice.c" | line
}

described_settings() {
	section watcher.8 "Slurm's settings" | sed -n 's/^\.It Va //p' |
		tr -d ' ' | tr ',' '\n' | line
}

snippet_settings() {
	sed -nE 's/^#?([A-Z][A-Za-z]+)=[^ ]*$/\1/p' \
		"$root/conf/slurm.conf.snippet" \
		"$root/conf/slurmdbd.conf.snippet" | line
}

# The words that a shell completes as an option's value: OPTION.
known_words() {
	"$report" --completion bash | sed -nE "s/^\t--$1\) words='(.*)'.*/\1 /p"
}

# Those of all formats in which one command or another reports.
taken_formats() {
	for format in text csv json jsonl oneline html; do
		for command in compliance list export; do
			"$report" -s "$dir/store.db" $command --period today \
				--format $format >"$dir/taken" 2>&1 &&
				printf '%s ' $format && break
		done
	done
	return 0
}

# header COMMAND...: the first line that it writes as CSV.
header() {
	"$report" -s "$dir/store.db" "$@" --format csv | head -n 1 | tr -d '\r' |
		sed 's/$/,/'
}

make_store "$dir/store.db" /dev/null
printf '[protect]\npartitions = p\n[store]\npath = %s\n' "$dir/store.db" \
	>"$dir/watcher.conf"

for pair in "$watcher watcher.8" "$report watcher-report.1"; do
	program=${pair% *}
	manual=${pair#* }
	check "$manual: commands" -o "$(helped_commands "$program")" \
		described_commands "$manual"
	check "$manual: options" -o "$(helped_options "$program")" \
		described_options "$manual"
	check "$manual: synopses have no others" \
		unknown_options "$manual" "$program"
	check "$manual: their letters" -o "$(helped_letters "$program")" \
		described_letters "$manual"
	check "$manual: exit codes" -o "$(helped_codes "$program")" \
		described_codes "$manual"
	check "$manual: kinds" -o "$(known_words kind)" described_kinds "$manual"
done
check 'columns of export' -o "$(header export)" described_columns
check 'and of list' -o "$(described_columns)incidents,status," header list
check 'columns of compliance' -o "$(header compliance --period today)" \
	listed '^\.Cm compliance' '^The sections'
check 'columns of coverage' -o "$(header coverage)" \
	listed '^\.Cm coverage' '^\.Li job_name'
check 'periods' -o "$(known_words period)" described_periods
version=$("$watcher" --version | sed 's/^watcher //')
check 'packages of this version' -o "$version
$version" packaged_versions
check 'metrics' -o "$(metrics)" described_metrics
check 'their labels' -o "$(labels)" described_labels
check 'rules use no others' ruled_metrics
check 'units' -o "$(units)" described_units
check 'settings of Slurm' -o "$(judged)" described_settings
check 'and in the snippets' -o "$(judged_of_slurm)" snippet_settings
check 'formats' -o "$(known_words format)" taken_formats

finish
