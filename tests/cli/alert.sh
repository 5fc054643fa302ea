#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `watcher alert`: samples by each type of channel, what is told of channels, and
# what is refused.
here=$(dirname "$0")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"

watcher=$build/watcher/watcher

# Keeps the message, and what it was called with.
cat >"$dir/sendmail" <<'END'
#!/bin/sh
echo "$@" >"$(dirname "$0")/called"
cat >"$(dirname "$0")/message"
END
cat >"$dir/hook" <<'END'
#!/bin/sh
cat >"$(dirname "$0")/event"
printf '%s|' "$WATCHER_WHAT" "$WATCHER_USER" "$WATCHER_TEST" "$@" \
	>"$(dirname "$0")/fields"
END
printf '#!/bin/sh\necho "out of order"\nexit 9\n' >"$dir/broken"
chmod +x "$dir/sendmail" "$dir/hook" "$dir/broken"

# write_conf LINE...: watcher.conf with these channels.
write_conf() {
	{
		printf '[protect]\npartitions = critical\n[store]\n'
		printf 'path = %s/s.db\n' "$dir"
		printf '%s\n' "$@"
	} >"$dir/watcher.conf"
}

write_conf '[alert mail]' "sendmail = $dir/sendmail" \
	'to = ops@example.org, root' 'from = w@example.org' \
	'[alert hook]' 'type = exec' "command = $dir/hook 'a  b' c" \
	'[alert log]' 'type = syslog' \
	'[alert broken]' 'type = exec' "command = $dir/broken" \
	'[alert gone]' 'type = exec' "command = $dir/nothing"

alert() {
	"$watcher" -c "$dir/watcher.conf" alert "$@"
}

read_mail() {
	python3 "$root/tests/cli/alert.py" "$dir/message"
}

event() {
	python3 -c '
import json, sys
e = json.load(open(sys.argv[1]))
print(e["what"], e["test"], e["channel"], e["user"], e["tasks"], e["summary"])
' "$dir/event"
}

line='TEST: nobody cancelled job 12345_[1-20] on critical while it was running'

check 'a sample by mail' -o 'mail: the sample was taken, exit status 0' \
	alert --test mail
check 'is a message' -o "to ops@example.org, root
subject [watcher] $line
auto auto-generated
first This is a test." read_mail
check 'that sendmail is given as it is' -o '-t -oi' cat "$dir/called"
check 'a sample by a program' -o 'hook: the sample was taken, exit status 0' \
	alert --test=hook
check 'has the event' -o "incident True hook nobody 20 $line" event
check 'and its fields' -o 'incident|nobody|1|a  b|c|' cat "$dir/fields"
if [ -e /dev/log ] || [ -e /run/systemd/journal/socket ]; then
	check 'a sample by the log' -o 'log: the sample was taken' alert --test log
else
	check 'a sample by a log that is not there' -s 3 \
		-e 'watcher: error: alert log: neither /run/systemd/journal/socket nor /dev/log takes anything' \
		alert --test log
fi

check 'a program that fails' -s 3 \
	-e "watcher: error: alert broken: $dir/broken ended with status 9: out of order" \
	alert --test broken
check 'a program that is not there' -s 3 \
	-e "watcher: error: alert gone: $dir/nothing: No such file or directory" \
	alert --test gone
check 'no such channel' -s 2 \
	-e "watcher: error: $dir/watcher.conf: there is no [alert pager] (there are mail, hook, log, broken, gone)" \
	alert --test pager
check 'no channel' -s 2 \
	-e 'watcher: error: alert: --test needs a channel (watcher alert [--test CHANNEL | --deliver CHANNEL | --due])' \
	alert --test
check 'an unknown word' -s 2 \
	-e 'watcher: error: alert: unknown word mail (watcher alert [--test CHANNEL | --deliver CHANNEL | --due])' \
	alert mail
check 'both' -s 2 \
	-e 'watcher: error: alert: --test, --deliver or --due, not both (watcher alert [--test CHANNEL | --deliver CHANNEL | --due])' \
	alert --test mail --deliver mail
check 'no store yet' -s 3 \
	-e "watcher: error: store $dir/s.db: No such file or directory (name its watcher.conf with -c, or, for watcher-report, the store with -s; a first \`watcher once\` makes it)" \
	alert

cat >"$dir/rows.sql" <<'END'
INSERT INTO alert (channel, what, event_id, about, at, state, next, tries,
	tried_at, trouble)
VALUES ('mail', 'incident', 1, 0, 1700000000, 'delivered', 0, 1, 1700000001, ''),
	('mail', 'gap', 0, 1, 1700000002, 'pending', unixepoch() + 3600, 2, 1700000003,
		'said ' || char(27) || 'no'),
	('old', 'incident', 1, 0, 1700000000, 'given-up', 0, 3, 1700000004, 'x'),
	('hook', 'incident', 77, 0, 1700000000, 'pending', 0, 0, 0, '');
END
make_store "$dir/s.db" "$dir/rows.sql"
told=$(local_time '2023-11-14 22:13:21')
since=$(local_time '2023-11-14 22:13:22')
queued=$(local_time '2023-11-14 22:13:20')
given_up=$(local_time '2023-11-14 22:13:24')
check 'how channels do' \
	-o "hook (exec): 0 told; 1 to be told since $queued; 0 given up
mail (mail): 1 told, last $told; 1 to be told since $since; 0 given up; said \\x1bno
old (not in watcher.conf): 0 told; 0 to be told; 1 given up, last $given_up
log (syslog): nothing to tell so far
broken (exec): nothing to tell so far
gone (exec): nothing to tell so far" alert
check_channels() {
	"$watcher" -c "$dir/watcher.conf" check | grep -A 1 channel
}
remedy() {
	printf '%s' "         -> make it a program that this user may run; \`watcher alert --test $1\` tries it"
}
check 'what watcher check says of them' -o "ok       channel mail: $dir/sendmail
ok       channel hook: $dir/hook
ok       channel log: syslog
ok       channel broken: $dir/broken
warning  channel gone: $dir/nothing: No such file or directory
$(remedy gone)
warning  channel mail: 1 to be told since $since: said \\x1bno
         -> \`watcher alert --test mail\` tries it
note     channel old: 1 given up, the last at $given_up
$("$watcher" -c "$dir/watcher.conf" check | tail -n 1)" check_channels
check 'what is gone is dropped' alert --deliver hook
same 'its state' 'given-up' "$(sqlite3 "$dir/s.db" \
	"SELECT state FROM alert WHERE channel = 'hook'")"
result $? 'and not tried again'
write_conf '[alert timed]' 'type = exec' "command = $dir/hook" 'deliver = timer' \
	'[alert own]' 'type = exec' "command = $dir/hook"
sqlite3 "$dir/s.db" "INSERT INTO alert (channel, what, event_id, about, at, next)
	SELECT name, 'incident', 77, 0, unixepoch() + 864000, unixepoch() + 864000
	FROM (SELECT 'timed' AS name UNION SELECT 'own')"
check 'what is due by the timer, by a clock that was ahead' \
	-e 'watcher: warning: alerts that were to wait for more than a day, by a clock that was ahead, are due now: 2' \
	alert --due
same 'is told, and nothing else' 'own|pending
timed|given-up' "$(sqlite3 "$dir/s.db" "SELECT channel, state FROM alert
	WHERE channel IN ('own', 'timed') ORDER BY channel")"
result $? 'and nothing else is'
sqlite3 "$dir/s.db" "DELETE FROM alert WHERE channel IN ('own', 'timed')"
write_conf
check 'no channels' \
	-e "There is no [alert NAME] section in $dir/watcher.conf." \
	-o "hook (not in watcher.conf): 0 told; 0 to be told; 1 given up, last $(
		date -d "@$(sqlite3 "$dir/s.db" "SELECT tried_at FROM alert WHERE channel = 'hook'")" +%Y-%m-%dT%H:%M:%S%:z
	)
mail (not in watcher.conf): 1 told, last $told; 1 to be told since $since; 0 given up; said \\x1bno
old (not in watcher.conf): 0 told; 0 to be told; 1 given up, last $given_up" alert

finish
