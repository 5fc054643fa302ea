# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For what is measured by hand: runs commands in turn, prints ratios. Sourced by
# a script that has a folder, `work`, and the number of pairs for a median,
# ${option[runs]}.

# Runs a command, notes its wall time in seconds and its largest resident
# memory in KiB (at least Python's own, some 10 MiB).
clock='
import os, sys, time
start = time.monotonic()
_, status, usage = os.wait4(os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ), 0)
with open(sys.argv[1], "w") as out:
    print(f"{time.monotonic() - start:.6f} {usage.ru_maxrss}", file=out)
sys.exit(os.waitstatus_to_exitcode(status))'

# Runs a command: its time goes to `seconds`, its memory to `peak_kib`.
timed() {
	python3 -c "$clock" "$work/time" "$@" >/dev/null 2>"$work/err" || {
		cat "$work/err" >&2
		echo "failed: $*" >&2
		exit 1
	}
	read -r seconds peak_kib <"$work/time"
}

# Prints the median of the numbers.
median() {
	printf '%s\n' "$@" | sort -g | sed -n "$((($# + 1) / 2))p"
}

# Runs A and B in turn, which leave their time in `seconds`; `ratio` is the
# median of A/B pair by pair, a_seconds and b_seconds those of each.
in_turn() {
	local i ratios=() as=() bs=()
	for ((i = 0; i < option[runs]; i++)); do
		"$1"
		as+=("$seconds")
		"$2"
		bs+=("$seconds")
		ratios+=("$(awk "BEGIN { print ${as[i]} / ${bs[i]} }")")
	done
	ratio=$(median "${ratios[@]}")
	a_seconds=$(median "${as[@]}")
	b_seconds=$(median "${bs[@]}")
}

# Prints one figure: NAME TEXT.
figure() {
	printf '  %-40s %s\n' "$1" "$2"
}

# Prints what in_turn found: NAME WHAT.
figure_in_turn() {
	figure "$1" "$(printf '%.2f times %s (%.3f s, %.3f s)' \
		"$ratio" "$2" "$a_seconds" "$b_seconds")"
}

# Prints a figure of memory, from KiB: NAME KIB.
figure_memory() {
	figure "$1" "$(awk "BEGIN { printf \"%.1f MiB\", $2 / 1024 }")"
}
