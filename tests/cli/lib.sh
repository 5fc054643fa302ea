# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# For tests of the command line: run, then compare stdout, stderr and exit
# code; the results as TAP. WATCHER_BUILD_ROOT (or $1 of the script) is the
# folder of meson, WATCHER_SOURCE_ROOT that of the sources.

# shellcheck disable=SC2034 # for the scripts
build=${1:-${WATCHER_BUILD_ROOT:?the build folder is not known}}
root=${WATCHER_SOURCE_ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
dir=$(mktemp -d "${TMPDIR:-/tmp}/watcher-cli.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
# log_line() writes differently for the journal.
unset JOURNAL_STREAM WATCHER_CONF COLUMNS
LC_ALL=C.UTF-8
export LC_ALL

n=0
n_failed=0

# make_store PATH SQL: a store as the migrations make it, with the rows of the
# SQL file.
make_store() {
	{
		cat "$root"/schema/store/*.sql
		echo 'PRAGMA application_id = 0x77746368;'
		find "$root/schema/store" -name '*.sql' |
			awk 'END { print "PRAGMA user_version = " NR ";" }'
		echo 'PRAGMA journal_mode = WAL;'
		cat "$2"
	} | sqlite3 -bail "$1" >/dev/null
}

# local_time "2024-11-22 11:04:08": that time of UTC as text reports show it.
local_time() {
	date -d "$1 UTC" +%Y-%m-%dT%H:%M:%S%:z
}

result() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		n_failed=$((n_failed + 1))
		echo "not ok $n - $2"
	fi
}

# skip NAME WHY: what cannot be asked here.
skip() {
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

# same WHAT WANTED GOT: explains a difference.
same() {
	[ "$2" = "$3" ] && return 0
	{
		printf '%s was wanted:\n%s\nand got:\n%s\n' "$1" "$2" "$3"
	} | sed 's/^/# /'
	return 1
}

# check NAME [-s EXIT] [-o STDOUT] [-e STDERR] COMMAND...: what is not said is
# 0, and empty.
check() {
	name=$1
	shift
	exit=0 stdout='' stderr=''
	while :; do
		case $1 in
		-s) exit=$2 ;;
		-o) stdout=$2 ;;
		-e) stderr=$2 ;;
		*) break ;;
		esac
		shift 2
	done
	"$@" >"$dir/stdout" 2>"$dir/stderr"
	got=$?
	failed=0
	same "exit code" "$exit" "$got" || failed=1
	same "stdout" "$stdout" "$(cat "$dir/stdout")" || failed=1
	same "stderr" "$stderr" "$(cat "$dir/stderr")" || failed=1
	result $failed "$name"
}

# finish: the plan, and the exit code.
finish() {
	echo "1..$n"
	[ $n_failed = 0 ]
}
