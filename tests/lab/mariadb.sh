# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A private MariaDB server, in the folder and on the first port of a lab. To be
# sourced after lab.sh.

# Its settings, for a server that starts fast and need not survive a crash.
mariadb_options() {
	local user=mysql
	((EUID == 0)) || user=$(id -un)
	printf '%s\n' \
		--no-defaults \
		--user="$user" \
		--datadir="$LAB_DIR/mariadb/data" \
		--tmpdir="$LAB_DIR/mariadb/tmp" \
		--secure-file-priv="$LAB_DIR/mariadb/tmp" \
		--skip-name-resolve \
		--performance-schema=off \
		--aria-pagecache-buffer-size=8M \
		--innodb-buffer-pool-size=64M \
		--innodb-doublewrite=0 \
		--innodb-flush-log-at-trx-commit=0 \
		--innodb-flush-method=nosync \
		--innodb-log-file-size=16M \
		--innodb-undo-tablespaces=0
}

# Starts the server: LAB_SOCKET, and LAB_PORT on 127.0.0.1. On both its user
# root needs no password.
mariadb_start() {
	local options
	mapfile -t options < <(mariadb_options)
	LAB_SOCKET=$LAB_DIR/mariadb/socket
	LAB_PORT=$(lab_port 0)
	export LAB_SOCKET LAB_PORT
	mkdir -p "$LAB_DIR"/mariadb/{data,tmp}
	((EUID != 0)) || chown -R mysql: "$LAB_DIR/mariadb"
	mariadb-install-db "${options[@]}" --skip-test-db --force \
		--auth-root-authentication-method=normal \
		>"$LAB_DIR/log/mariadb-install.out" 2>&1 ||
		lab_die "$(tail -n 20 "$LAB_DIR/log/mariadb-install.out")"
	# What slurmdbd's documentation asks for, besides.
	lab_spawn mariadb mariadbd "${options[@]}" --socket="$LAB_SOCKET" \
		--pid-file="$LAB_DIR/mariadb/pid" --port="$LAB_PORT" \
		--bind-address=127.0.0.1 --innodb-lock-wait-timeout=900
	lab_wait mariadb mariadb_query "SELECT 1"
}

# Asks the server as root: SQL $1, and then what the mariadb client takes.
mariadb_query() {
	mariadb --no-defaults --user=root --socket="$LAB_SOCKET" \
		--batch --skip-column-names --execute="$1" "${@:2}"
}
