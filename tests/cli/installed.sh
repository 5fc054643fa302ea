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

# What packaging/watcher.spec packs, as patterns of paths.
packed() {
	sed -n '/^%files/,/^%changelog/p' "$root/packaging/watcher.spec" |
		sed 's/^%config //; s/\*$//; s/%{name}/slurm-watcher/
			s|%{_sysconfdir}|/etc|; s|%{_bindir}|/usr/bin|
			s|%{_sbindir}|/usr/sbin|; s|%{_mandir}|/usr/share/man|
			s|%{_docdir}|/usr/share/doc|; s|%{_datadir}|/usr/share|
			s|%{_unitdir}|/u|; s|%{_sysusersdir}|/usr/lib/sysusers.d|
			s|%{_tmpfilesdir}|/usr/lib/tmpfiles.d|' |
		sed -n 's|^/.*|^&|p'
}

installed "$dir/p" >"$dir/p.list"
installed /usr -Dsystemdsystemunitdir=/u -Dscancel-guard=true \
	-Ddocdir=/usr/share/doc/slurm-watcher >"$dir/usr.list"
packed >"$dir/packed"

check 'nothing is installed outside of a prefix' -s 1 \
	grep -v "^$dir/p/" "$dir/p.list"
check 'units are below it' -o "$dir/p/lib/systemd/system/watcher.service" \
	grep '/watcher.service$' "$dir/p.list"
check 'an option prevails' -o /u/watcher.service \
	grep '/watcher.service$' "$dir/usr.list"
check 'for /usr, users are made where systemd looks' \
	-o /usr/lib/sysusers.d/watcher.conf grep sysusers "$dir/usr.list"
check 'completions are where shells look' \
	-o '/usr/share/bash-completion/completions/watcher
/usr/share/bash-completion/completions/watcher-report
/usr/share/zsh/site-functions/_watcher
/usr/share/zsh/site-functions/_watcher-report' \
	grep -e complet -e zsh "$dir/usr.list"
check 'the RPM package has all of it' -s 1 \
	grep -v -f "$dir/packed" "$dir/usr.list"

finish
