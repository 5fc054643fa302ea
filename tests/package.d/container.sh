#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A container of this Debian release with systemd, to be sourced: a site of
# Debian's own packages, without watcher. Who sources it sets `container_name`,
# and says `trap clean_up EXIT`. Needs root, and Debian's mirror:
#
# WATCHER_MIRROR     where Debian is had from (http://deb.debian.org/debian)

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
mirror=${WATCHER_MIRROR:-http://deb.debian.org/debian}
site_packages=(mariadb-server munge postfix slurm-client slurm-wlm-basic-plugins
	slurm-wlm-mysql-plugin slurmctld slurmd slurmdbd sqlite3)
work=
root=
container=
leader=

say() {
	# shellcheck disable=SC2154 # who sources this sets it
	printf '%s: %s\n' "$container_name" "$*" >&2
}

# Runs a command, and shows what it says only if it fails: LOG COMMAND...
quietly() {
	local log=$work/$1
	shift
	"$@" </dev/null >"$log" 2>&1 && return
	cat "$log" >&2
	say "failed: $*"
	return 1
}

# Has signals end the script by way of clean_up, and makes $work.
begin() {
	if ((EUID != 0)); then
		say 'skipped, as only root can boot a container'
		exit 77
	fi
	trap clean_up EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	work=$(mktemp --directory "/var/tmp/watcher-$container_name.XXXXXX")
	root=$work/root
}

clean_up() {
	local folder
	trap '' HUP INT TERM
	if [[ $container ]]; then
		kill -s KILL "$leader" "$container" 2>"$work/kill" || :
		wait "$container" 2>"$work/kill" || :
		# It goes when the last of its processes has gone.
		for _ in {1..100}; do
			[[ $leader && -e /proc/$leader ]] || break
			sleep 0.1
		done
	fi
	for folder in /sys/fs/cgroup{,/systemd,/unified}/"${work##*/}"; do
		[[ ! -d $folder || -z $work ]] ||
			find "$folder" -depth -type d -exec rmdir {} + || :
	done
	[[ -z $work ]] || rm -rf --one-file-system "$work"
}

# Prints an archive of the source as it is now, without what git does not know.
copy_source() {
	cd "$home" || return
	git ls-files -z | tar --create --no-recursion --null --files-from=-
}

# Installs this release in $root, with what a site has before watcher comes, and
# more packages: DEPENDENCY...
make_root() {
	local codename
	codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
	say "installing $codename in a container"
	quietly debootstrap.log debootstrap --variant=minbase \
		--include=ca-certificates,iproute2,systemd-sysv,dbus \
		"$codename" "$root" "$mirror"
	echo site >"$root/etc/hostname"
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod 755 "$root/usr/sbin/policy-rc.d"
	cp /etc/resolv.conf "$root/etc/resolv.conf"
	mount --types proc proc "$root/proc"
	in_root debconf-set-selections <<-END
		postfix postfix/main_mailer_type select Local only
		postfix postfix/mailname string site
	END
	quietly update.log in_root apt-get update
	quietly satisfy.log in_root apt-get satisfy --assume-yes \
		--no-install-recommends "${site_packages[@]}" "$@"
	umount "$root/proc"
	rm "$root/usr/sbin/policy-rc.d"
	install "$home"/tests/package.d/* "$root/root"
}

in_root() {
	env --ignore-environment DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 \
		PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$root" "$@"
}

# Where this machine has no systemd, the container's groups of processes come
# below this process's own: which becomes one that no other container has.
enter_cgroup() {
	local folder place
	for folder in /sys/fs/cgroup /sys/fs/cgroup/{systemd,unified}; do
		[[ -e $folder/cgroup.procs ]] || continue
		place=$folder/${work##*/}
		mkdir "$place"
		echo "$BASHPID" >"$place/cgroup.procs"
	done
}

# Boots it, with a network of its own.
boot() {
	local options=(--register=no) state
	[[ -d /run/systemd/system ]] || options+=(--keep-unit)
	say 'booting it'
	(
		[[ -d /run/systemd/system ]] || enter_cgroup
		exec systemd-nspawn --quiet --directory="$root" --boot \
			--private-network --console=read-only "${options[@]}"
	) </dev/null >"$work/boot.log" 2>&1 &
	container=$!
	for _ in {1..120}; do
		sleep 0.5
		leader=$(pgrep --parent "$container") || continue
		state=$(in_container systemctl is-system-running 2>&1) || :
		[[ $state != running && $state != degraded ]] || return 0
	done
	tail -n 20 "$work/boot.log" >&2
	say 'the container does not boot'
	return 1
}

in_container() {
	nsenter --target "$leader" --all env --ignore-environment \
		PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME=/root \
		TERM=dumb "$@"
}

# The same with this machine's network, for what apt gets.
in_container_online() {
	nsenter --target "$leader" --mount --uts --ipc --pid --cgroup \
		env --ignore-environment DEBIAN_FRONTEND=noninteractive \
		PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME=/root \
		TERM=dumb "$@"
}
