#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Where `meson install` puts things: below the prefix, all of it; for the prefix
# /usr, where systemd looks.

# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# installed PREFIX OPTION...: the files that would be installed, sorted.
installed() {
	prefix=$1
	shift
	folder=$dir/build$(echo "$prefix" | tr / -)
	meson setup "$folder" "$root" --prefix="$prefix" "$@" \
		>"$folder.log" 2>&1 || cat "$folder.log"
	meson introspect "$folder" --installed | tr ',' '\n' |
		sed 's/.*: "//; s/".*//' | sort
}

installed "$dir/p" >"$dir/p.list"
installed /usr -Dsystemdsystemunitdir=/u >"$dir/usr.list"

check 'nothing is installed outside of a prefix' -s 1 \
	grep -v "^$dir/p/" "$dir/p.list"
check 'units are below it' -o "$dir/p/lib/systemd/system/watcher.service" \
	grep '/watcher.service$' "$dir/p.list"
check 'an option prevails' -o /u/watcher.service \
	grep '/watcher.service$' "$dir/usr.list"
check 'for /usr, users are made where systemd looks' \
	-o /usr/lib/sysusers.d/watcher.conf grep sysusers "$dir/usr.list"
check 'manuals and completions' -o '/usr/share/bash-completion/completions/watcher
/usr/share/bash-completion/completions/watcher-report
/usr/share/man/man1/watcher-report.1
/usr/share/man/man5/watcher.conf.5
/usr/share/man/man7/watcher-chain.7
/usr/share/man/man8/watcher-mail-report.8
/usr/share/man/man8/watcher.8
/usr/share/zsh/site-functions/_watcher
/usr/share/zsh/site-functions/_watcher-report' \
	grep -e /man/ -e complet -e zsh "$dir/usr.list"

finish
