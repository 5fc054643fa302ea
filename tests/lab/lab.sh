# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The ground of a laboratory: its folder, its ports and its processes. To be
# sourced, with set -euo pipefail, by a script that sets traps (lab_traps).
#
# Processes are known by a variable in their environment, LAB_MARK, that they
# hand down to all they start, whatever sessions and parents those choose:
# the folder for the lab's servers, folder/command for the command it runs.

lab_home=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Says what is wrong, and ends the script.
lab_die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# From here on the lab ends with the script, however that ends.
lab_traps() {
	trap lab_close EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 141' PIPE
	trap 'exit 143' TERM
}

# Makes the folder LAB_DIR. Its number is the first of the lab's sixteen ports:
# while the folder stands, no other lab takes them. It is below /tmp, not
# TMPDIR, as other users have to reach it.
lab_open() {
	local block dir ports
	umask 022
	# The ports 10240 to 32255: below those the kernel hands out.
	for block in $(shuf --input-range=640-2015); do
		dir=/tmp/watcher-lab-$((block * 16))
		mkdir "$dir" 2>/dev/null || continue
		printf -v ports ':%03X[0-9A-F] ' "$block"
		if grep -qs "$ports" /proc/net/tcp /proc/net/tcp6; then
			rmdir "$dir"
			continue
		fi
		LAB_DIR=$dir
		mkdir "$LAB_DIR"/{log,pid}
		export LAB_DIR
		return
	done
	lab_die "no free ports, or /tmp cannot be written"
}

# Prints the lab's port number $1: 0 to 15.
lab_port() {
	echo $((${LAB_DIR##*-} + $1))
}

# Starts the server $1, whose command follows, in a session of its own: a
# terminal's Ctrl-C is not for it. Nor does it ignore that signal, as what the
# shell starts in the background does: from slurmd jobs would learn it.
lab_spawn() {
	local name=$1
	shift
	setsid env --chdir="$LAB_DIR" --default-signal=INT,QUIT \
		LAB_MARK="$LAB_DIR" "$@" \
		</dev/null >"$LAB_DIR/log/$name.out" 2>&1 &
	echo "$!" >"$LAB_DIR/pid/$name"
	disown "$!"
}

# Waits until server $1 is ready, which is when the command that follows
# succeeds; ends the script if the server does, or after half a minute.
lab_wait() {
	local name=$1 pid end=$((SECONDS + 30))
	shift
	pid=$(<"$LAB_DIR/pid/$name")
	until "$@" >"$LAB_DIR/log/$name.wait" 2>&1; do
		if ! kill -0 "$pid" 2>/dev/null || ((SECONDS > end)); then
			tail -n 20 "$LAB_DIR/log/$name".* >&2
			lab_die "$name does not start"
		fi
		sleep 0.02
	done
}

# Runs a command in the lab and returns its exit code. In the background, as
# the shell would otherwise see to a signal only after the command's end, but
# with the terminal's input and signals.
lab_run() {
	env --default-signal=INT,QUIT LAB_MARK="$LAB_DIR/command" "$@" <&0 &
	wait "$!"
}

# Runs a command again and again until it succeeds, for $1 seconds, or fails
# itself. Prints what the command said the last time.
lab_wait_for() {
	local end=$((SECONDS + $1)) output
	shift
	until output=$("$@" 2>&1); do
		if ((SECONDS > end)); then
			printf '%s\nnot in time: %s\n' "$output" "$*" >&2
			return 1
		fi
		sleep 0.1
	done
	[[ -z $output ]] || printf '%s\n' "$output"
}

# Writes the file from which a shell gets the variables of a lab left up: those
# named by the arguments, besides its own.
lab_write_env() {
	local name
	for name in "${!LAB_@}" "$@"; do
		[[ -z ${!name:-} ]] || printf 'export %s=%q\n' "$name" "${!name}"
	done >"$LAB_DIR/env"
}

# Ends the lab, by a process of its own session that nothing interrupts.
lab_close() {
	trap '' HUP INT PIPE TERM
	[[ -z ${LAB_DIR:-} ]] || setsid --wait "$lab_home/down" "$LAB_DIR" || :
	unset LAB_DIR
}

# Prints the pids of the processes in whose environment there is $1. One of
# another namespace (see in-release) is of a lab there, whose folder may have the
# name of one here.
lab_pids() {
	local environ
	for environ in $(grep -lzFxs "$1" /proc/[0-9]*/environ); do
		[[ ! ${environ%/*}/ns/pid -ef /proc/self/ns/pid ]] ||
			cut -d / -f 3 <<<"$environ"
	done
}

# Prints the pids of the processes of jobs, as lab_pids does: a job may have
# been submitted without its owner's environment.
lab_job_pids() {
	local pid
	for pid in $(lab_pids "SLURM_CONF=$1/etc/slurm.conf"); do
		! grep -qzs '^SLURMD_NODENAME=' "/proc/$pid/environ" || echo "$pid"
	done
}

# Ends all processes of the lab $1: the command with time to clean up, then
# servers and jobs at once, as nothing of theirs will be looked at again.
lab_kill() {
	local dir=$1 signal=TERM pids end=$((SECONDS + 4))
	while pids=$(lab_pids "LAB_MARK=$dir/command") && [[ $pids ]]; do
		((SECONDS < end)) || signal=KILL
		xargs kill -s "$signal" <<<"$pids" 2>/dev/null || :
		signal=CONT
		sleep 0.05
	done
	while pids=$(lab_pids "LAB_MARK=$dir" && lab_job_pids "$dir") && [[ $pids ]]; do
		xargs kill -s KILL <<<"$pids" 2>/dev/null || :
		sleep 0.02
	done
}
