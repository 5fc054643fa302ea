#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# watcher-mail-report with a sendmail that keeps what it is given: the message,
# read by Python's email package, holds the reports; who may be mailed and who
# not; what happens where it cannot be sent.

here=$(dirname "$0")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"

program=$dir/watcher-mail-report
error='watcher-mail-report: error:'
reports=$dir/reports
kept=$dir/kept
TZ=UTC
WATCHER_REPORT=$build/reports/watcher-report
WATCHER_DEFAULTS=$dir/default
WATCHER_CONF=$dir/watcher.conf
WATCHER_SENDMAIL=$dir/sendmail
export TZ WATCHER_REPORT WATCHER_DEFAULTS WATCHER_CONF WATCHER_SENDMAIL
unset WATCHER_MAIL_TO WATCHER_MAIL_FROM WATCHER_MAIL_SUBJECT WATCHER_MAIL_CSV \
	WATCHER_MAIL_QUIET

# mail ARGUMENTS...: of the month with incidents.
mail() {
	"$program" --period 2025-01 --directory "$reports" "$@"
}

# fresh: nothing written, nothing sent, nothing set.
fresh() {
	rm -rf "$reports" "$kept" "$WATCHER_DEFAULTS"
}

# files: what lies in the folder of reports.
files() {
	(cd "$reports" && find . -type f | sort | tr '\n' ' ')
}

# sent: how many messages sendmail was given.
sent() {
	find "$dir" -maxdepth 1 -name kept | wc -l
}

written='./compliance-2025-01.csv ./compliance-2025-01.html ./compliance-2025-01.txt '

test_files() {
	fresh
	check 'files: without recipients' mail
	check 'files: are there' -o "$written" files
	check 'files: and nothing was sent' -o 0 sent
	check 'files: are the reports' -s 1 sh -c "
		for form in csv html text; do
			'$WATCHER_REPORT' compliance --period 2025-01 \
				--format \$form -o '$dir/wanted'
			diff '$dir/wanted' '$reports/compliance-2025-01.'\${form%ext}* |
				grep '^[<>]' | grep -v 'made\|Made\|<time'
		done"
	check 'files: others may not read them' -o '-rw-r----- 3' sh -c "
		ls -l '$reports' | grep -o '^-[rwx-]*' | sort | uniq -c |
			sed 's/ *\([0-9]*\) \(.*\)/\2 \1/'"
}

test_message() {
	fresh
	check 'message: is sent' mail --to 'ops@example.org, root' --csv
	check 'message: by this command' -o '-i -t' cat "$dir/arguments"
	check 'message: what it says' -o "\
from watcher@HOST
to ops@example.org, root
subject Protected jobs 2025-01: 6 incidents, 6 suspected, INCOMPLETE
auto auto-generated
mixed: text/plain utf-8 None, text/html utf-8 compliance-2025-01.html, \
text/csv utf-8 compliance-2025-01.csv" \
		python3 "$here/mail.py" "$kept" "$reports/compliance-2025-01"
	check 'message: none waits' -o "$written" files

	fresh
	check 'message: without the CSV' -o 'mixed: text/plain utf-8 None, text/html utf-8 compliance-2025-01.html' \
		sh -c "'$program' --period 2025-01 --directory '$reports' \
			--to root && python3 '$here/mail.py' '$kept' \
			'$reports/compliance-2025-01' | tail -n 1"
	fresh
	subject='Geschützte Jobs 保護 – ein sehr langer Betreff, der nicht auf eine Zeile passt'
	check 'message: a subject of every script' -o "\
subject $subject 2025-01: 6 incidents, 6 suspected, INCOMPLETE" sh -c "
		'$program' --period 2025-01 --directory '$reports' --to root \
			--subject '$subject' && python3 '$here/mail.py' \
			'$kept' '$reports/compliance-2025-01' | grep ^subject"
	fresh
	check 'message: a subject that would be a header' -o "\
subject x Bcc: all@example.org =?UTF-8?B?eA==?= 2025-01: 6 incidents, 6 suspected, INCOMPLETE" \
		sh -c "'$program' --period 2025-01 --directory '$reports' \
			--to root --subject \"\$(printf 'x\nBcc: all@example.org =?UTF-8?B?eA==?=')\" &&
			python3 '$here/mail.py' '$kept' \
			'$reports/compliance-2025-01' | grep ^subject"
}

test_settings() {
	fresh
	printf 'WATCHER_MAIL_TO="ops@example.org"\nWATCHER_MAIL_FROM=slurm@example.org
WATCHER_MAIL_SUBJECT="Our jobs"\nWATCHER_MAIL_CSV=yes\n' >"$WATCHER_DEFAULTS"
	check 'settings: of the host' -o "\
from slurm@example.org
to ops@example.org
subject Our jobs 2025-01: 6 incidents, 6 suspected, INCOMPLETE
auto auto-generated
mixed: text/plain utf-8 None, text/html utf-8 compliance-2025-01.html, \
text/csv utf-8 compliance-2025-01.csv" sh -c "
		'$program' --period 2025-01 --directory '$reports' &&
			python3 '$here/mail.py' '$kept' '$reports/compliance-2025-01'"
	rm -rf "$kept"
	check 'settings: the environment comes first' env WATCHER_MAIL_TO= \
		"$program" --period 2025-01 --directory "$reports"
	check 'settings: and says nobody' -o 0 sent
	check 'settings: the sample is read' sh -c "
		cp '$root/conf/watcher.default' '$WATCHER_DEFAULTS' &&
		'$program' --period 2025-01 --directory '$reports'"
	check 'settings: and names nobody' -o 0 sent
	check 'settings: filters are the report'\''s' -o '  only       cluster beta' \
		sh -c "'$program' --period 2025-01 --directory '$reports' -- \
			--cluster beta && grep '^  only' '$reports/compliance-2025-01.txt'"
}

test_quiet() {
	fresh
	check 'quiet: a clean period' "$program" --period 2025-01-10 \
		--directory "$reports" --to root --quiet-if-clean
	check 'quiet: is written' test -s "$reports/compliance-2025-01-10.txt"
	check 'quiet: is not sent' -o 0 sent
	check 'quiet: a gap is' "$program" --period 2025-01-20 \
		--directory "$reports" --to root --quiet-if-clean
	check 'quiet: sent' -o 1 sent
	fresh
	check 'quiet: only if asked for' "$program" --period 2025-01-10 \
		--directory "$reports" --to root
	check 'quiet: or sent' -o 1 sent
}

test_failure() {
	hint="and watcher-mail-report --send tries again"
	message=$reports/outbox/compliance-2025-01.eml

	fresh
	check 'failure: no sendmail' -s 3 -e "$error there is no $dir/none \
(install a mail transfer agent, or name one in WATCHER_SENDMAIL; $message stays, \
and watcher-mail-report --send sends it)" env WATCHER_SENDMAIL="$dir/none" \
		"$program" --period 2025-01 --directory "$reports" --to root
	check 'failure: reports and message stay' \
		-o "$written./outbox/compliance-2025-01.eml " files
	echo 'exit 75' >"$dir/fails"
	check 'failure: sendmail fails' -s 3 -e "$error $WATCHER_SENDMAIL failed \
with 75 ($message stays, $hint)" mail --to root
	rm "$dir/fails"
	check 'failure: sent later' "$program" --send --directory "$reports"
	check 'failure: by sendmail' -o 1 sent
	check 'failure: and gone' -o "$written" files
	check 'failure: nothing to send' "$program" --send \
		--directory "$reports"

	fresh
	check 'queue: is not sent' mail --to root --queue
	check 'queue: waits' -o "$written./outbox/compliance-2025-01.eml 0" \
		sh -c "cd '$reports' && find . -type f | sort | tr '\n' ' '
			find '$dir' -maxdepth 1 -name kept | wc -l"
	check 'failure: a period' -s 2 \
		-e "watcher-report: error: --period: \"never\" is not a period \
(write today, last-week, this-month, 2026, 2026-Q3, 2026-10, 2026-W47 or \
2026-10-31)" "$program" --period never --directory "$reports"
	check 'failure: leaves nothing' \
		-o "$written./outbox/compliance-2025-01.eml " files
}

test_usage() {
	for bad in '-oQ/tmp' 'a@b@c' 'a b;c' '|cat' '/etc/passwd' '"x"@y' 'x@' \
		"$(printf 'a\tb\001')"; do
		fresh
		mail --to "$bad" >"$dir/out" 2>"$dir/err"
		check "address: $(printf '%s' "$bad" | tr -d '\001')" \
			-o '2 1 0' echo $? \
			"$(grep -c "^$error \".*\" is no mail address" "$dir/err")" \
			"$(sent | tr -d ' ')"
	done
	check 'usage: unknown option' -s 2 -e "$error unknown option --frob \
(watcher-mail-report --help lists all of them)" mail --frob
	check 'usage: a value is missing' -s 2 -e "$error --to needs a value" \
		mail --to
	check 'usage: queue and send' -s 2 \
		-e "$error --queue and --send exclude each other" \
		mail --queue --send
	check 'usage: help' -o 'usage: watcher-mail-report [--period PERIOD] [--directory DIR] [--to LIST]' \
		sh -c "'$program' --help | head -n 1"
}

# The units and the example of cron run it as it wants to be run.
test_units() {
	for command in $(sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' \
		"$build"/conf/watcher-report*.service) \
		$(awk '/^[0-9].*mail-report/ { print $7 }' "$build/conf/watcher.cron"); do
		echo "${command##*/}"
	done | sort | uniq -c >"$dir/units"
	check 'units: run it' -o '3 watcher-mail-report' \
		sed 's/^ *//' "$dir/units"
	mkdir "$dir/units.d" "$dir/bin"
	# The newest key that they have: before 248 systemd says, and goes on,
	# that it does not know it.
	printf '[Service]\nExecStart=/bin/true\nPrivateIPC=yes\n' \
		>"$dir/units.d/probe.service"
	if systemd-analyze verify --man=no "$dir/units.d/probe.service" \
		>"$dir/probe" 2>&1 && [ ! -s "$dir/probe" ]; then
		for unit in "$build"/conf/watcher-report*.service \
			"$build"/conf/watcher-report.timer; do
			sed 's|^ExecStart=[^ ]*|ExecStart=/bin/true|' "$unit" \
				>"$dir/units.d/${unit##*/}"
		done
		check 'units: systemd reads them' systemd-analyze verify --man=no \
			"$dir"/units.d/watcher-report.service \
			"$dir"/units.d/watcher-report-mail.service \
			"$dir"/units.d/watcher-report.timer
	else
		skip 'units: systemd reads them' \
			"systemd-analyze: $(head -n 1 "$dir/probe")"
	fi
}

install -m 755 "$build/conf/watcher-mail-report" "$program" || exit 1
cat >"$WATCHER_SENDMAIL" <<EOF
#!/bin/sh
[ ! -e '$dir/fails' ] || . '$dir/fails'
echo "\$*" >'$dir/arguments'
cat >'$kept'
EOF
chmod +x "$WATCHER_SENDMAIL"
cat "$here/report.sql" "$here/verdicts.sql" "$here/compliance.sql" \
	>"$dir/all.sql"
make_store "$dir/store.db" "$dir/all.sql" || exit 1
printf '[protect]\npartitions = critical\n[store]\npath = %s\n' \
	"$dir/store.db" >"$WATCHER_CONF"
test_files
test_message
test_settings
test_quiet
test_failure
test_usage
test_units
finish
