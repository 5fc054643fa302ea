#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What bash and zsh complete: the scripts, made from the programs' own tables,
# are run with command lines as somebody types them.

# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# shellcheck source=/dev/null
. "$build/doc/watcher"
# shellcheck source=/dev/null
. "$build/doc/watcher-report"
# Only a completion that readline asked for may call it.
compopt() {
	:
}

# completed WORD...: what bash offers for the last word of a command line.
completed() {
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	COMPREPLY=()
	"_${1//-/_}"
	echo "${COMPREPLY[*]}"
}

# zsh_specs WORD...: what the script for zsh would give to _arguments.
zsh_specs() {
	zsh -fc '
		_arguments() { print -rl -- "$@" }
		script=$1
		shift
		words=("$@")
		CURRENT=$#
		complete_it() { . $script }
		complete_it' zsh "$build/doc/_$1" "$@"
}

cd "$dir" || exit 1
mkdir empty && touch 'a store.db' another

commands=$("$build/watcher/watcher" --help |
	sed -nE 's/^  ([a-z]+) .*/\1/p' | tr '\n' ' ')
options='--config --quiet --verbose --completion --version --help'
check 'commands and options of watcher' \
	-o "$commands$options" completed watcher ''
check 'of these, those that begin alike' -o 'backfill' completed watcher b
check 'the options of a command' -o '--event --apply --dry-run --auto' \
	completed watcher restore --
check 'behind an option and its value, too' -o '--until' \
	completed watcher -q -c run backfill --since now-2h --u
check 'and those that begin alike' -o '--event' completed watcher restore --e
check 'a time is not guessed' completed watcher backfill --since ''
check 'files' -o 'a store.db' completed watcher -c 'a s'
check 'commands of watcher-report' -o 'compliance coverage' \
	completed watcher-report -s store.db co
check 'kinds' -o 'signalled step-cancelled stalled' \
	completed watcher-report list --kind s
check 'more of a list' -o 'moved,cancelled' \
	completed watcher-report list --kind moved,c
check 'an option with its value in one word' -o 'moved' \
	completed watcher-report list --kind = m
check 'and with nothing of it yet' -o 'bash zsh' \
	completed watcher-report --completion =
check 'columns' -o 'restored_at' \
	completed watcher-report list --columns restored_a
check 'periods' -o 'last-week last-month last-year' \
	completed watcher-report compliance --period last
check 'only what the command takes' -o '--check' \
	completed watcher-report compliance --ch
check 'not what others take' completed watcher-report coverage --ch
check 'a value is no command' -o '--check' \
	completed watcher-report compliance --user list --ch

if [ -x "$(command -v zsh)" ]; then
	for name in watcher watcher-report; do
		check "zsh reads the script of $name" zsh -n "$build/doc/_$name"
	done
	zsh_specs watcher-report coverage '' >specs
	check 'zsh: kinds of a list are of one that has them' -s 1 \
		grep kind specs
	zsh_specs watcher-report list '' >specs
	check 'zsh: words to choose from' \
		-o '--color=[auto (on a terminal), always or never]:WHEN:(auto always never)' \
		grep color specs
	zsh_specs watcher backfill '' >specs
	check 'zsh: options of a command' -o '--since[]:TIME:' grep since specs
	zsh_specs watcher -c x '' >specs
	check 'zsh: commands' -o '1:command:{ _describe command commands }' \
		grep command: specs
fi
check 'another shell' -s 2 \
	-e 'watcher-report: error: --completion fish: bash or zsh is wanted' \
	"$build/reports/watcher-report" --completion fish

finish
