# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A private Slurm cluster of two pretended nodes of four CPUs, in the folder and
# on the ports of a lab. To be sourced after lab.sh and mariadb.sh.
#
# LAB_NODES       how many nodes, up to 12 (2)
# LAB_CPUS        how many CPUs each has (4)
# LAB_SLURM_CONF  more lines for slurm.conf, behind its own
# LAB_MINJOBAGE   how long slurmctld remembers a finished job, in seconds (300)
# LAB_KILLWAIT    how long a job has from SIGTERM to SIGKILL, in seconds (5)

# How an account is known that was made for labs.
cluster_user_comment="watcher's laboratory"

# Brings up all of it, and exports SLURM_CONF, LAB_CLUSTER and
# LAB_SLURMDBD_CONF.
cluster_start() {
	((EUID == 0)) || lab_die "a cluster can only be started by root"
	# Not those of a cluster on which this runs as a job.
	unset "${!SLURM@}" "${!SBATCH_@}" "${!SALLOC_@}" "${!SACCT_@}" \
		"${!SQUEUE_@}" "${!SINFO_@}" "${!SCANCEL_@}"
	LAB_CLUSTER=lab
	LAB_SLURMDBD_CONF=$LAB_DIR/etc/slurmdbd.conf
	SLURM_CONF=$LAB_DIR/etc/slurm.conf
	export LAB_CLUSTER LAB_SLURMDBD_CONF SLURM_CONF
	cluster_add_users
	cluster_munge
	mariadb_start
	cluster_configure
	cluster_slurmdbd
	cluster_slurmctld
	cluster_slurmd
}

# Runs a command while no other lab adds or removes users. The lock is on a
# folder that only root can open.
cluster_locked() (
	exec 9</root
	flock 9
	"$@"
)

# Makes alice and bob, where they are not there, and their folders in the lab.
cluster_add_users() {
	local user
	cluster_locked cluster_add_accounts
	for user in alice bob; do
		mkdir -p "$LAB_DIR/home/$user"
		chown "$user:" "$LAB_DIR/home/$user"
	done
}

# Makes the accounts, and notes that this lab uses them.
cluster_add_accounts() {
	local user
	: >"$LAB_DIR/users"
	for user in alice bob; do
		if ! id "$user" >"$LAB_DIR/log/users" 2>&1; then
			[[ ! -e /home/$user ]] ||
				lab_die "there is a /home/$user, but no user $user"
			useradd --create-home --shell /bin/bash \
				--comment "$cluster_user_comment" "$user"
		fi
	done
}

# Removes the accounts that were made for labs, unless another lab than $1 uses
# them still. By force: a process that ended may not have been waited for yet.
cluster_remove_accounts() {
	local user
	[[ -e $1/users ]] || return 0
	rm "$1/users"
	! compgen -G "/tmp/watcher-lab-*/users" >/dev/null || return 0
	for user in alice bob; do
		[[ $(getent passwd "$user" | cut -d : -f 5) == "$cluster_user_comment" ]] ||
			continue
		userdel --force --remove "$user" 2>"$1/log/users" ||
			cat "$1/log/users" >&2
	done
}

# Prints Slurm's version in a form that is ordered: 2205.
cluster_version() {
	slurmctld -V | sed -En 's/^slurm(-wlm)? ([0-9]+)\.([0-9]+).*/\2\3/p'
}

# Prints slurm.conf's line on what slurmdbd stores besides; 20.11 stores comments
# unasked, and no scripts.
cluster_store_line() {
	(($(cluster_version) < 2108)) ||
		echo AccountingStoreFlags=job_script,job_env,job_comment
}

# Prints cgroup.conf. No cgroup is asked for, but slurmd looks for one, and ends
# on a machine that has none, unless told to do without, or, by 22.05, of the
# kind that needs nothing to start.
cluster_cgroup_line() {
	if (($(cluster_version) >= 2302)); then
		echo CgroupPlugin=disabled
	elif (($(cluster_version) >= 2205)); then
		echo CgroupPlugin=cgroup/v1
	fi
}

# Starts munged, with a key of its own.
cluster_munge() {
	local dir=$LAB_DIR/munge
	mkdir "$dir"
	(umask 077 && head --bytes=128 /dev/urandom >"$dir/key")
	lab_spawn munged munged --foreground --num-threads=4 \
		--key-file="$dir/key" --socket="$dir/socket" \
		--pid-file="$dir/pid" --seed-file="$dir/seed" \
		--log-file="$dir/log"
	lab_wait munged munge --no-input --socket="$dir/socket"
}

# Prints the names of the nodes.
cluster_nodes() {
	seq --format=n%g "${LAB_NODES:-2}"
}

# Prints slurm.conf's lines for the nodes of host $1. The first ones are taken
# first.
cluster_node_lines() {
	local node number
	for node in $(cluster_nodes); do
		number=${node#n}
		printf '%s ' "NodeName=$node" "NodeHostname=$1" NodeAddr=127.0.0.1 \
			"Port=$(lab_port $((number + 2)))" "CPUs=${LAB_CPUS:-4}" \
			RealMemory=1000 "Weight=$number"
		echo
	done
}

# Writes slurm.conf and slurmdbd.conf.
cluster_configure() {
	local host
	host=$(uname --nodename)
	host=${host%%.*}
	mkdir "$LAB_DIR"/{etc,run,spool,state}
	cat >"$SLURM_CONF" <<-END
		ClusterName=$LAB_CLUSTER
		SlurmUser=slurm
		AuthType=auth/munge
		AuthInfo=socket=$LAB_DIR/munge/socket

		SlurmctldHost=$host(127.0.0.1)
		SlurmctldPort=$(lab_port 2)
		SlurmctldPidFile=$LAB_DIR/run/slurmctld.pid
		SlurmctldLogFile=$LAB_DIR/log/slurmctld.log
		StateSaveLocation=$LAB_DIR/state
		MinJobAge=${LAB_MINJOBAGE:-300}
		KillWait=${LAB_KILLWAIT:-5}
		ReturnToService=2
		SelectType=select/cons_tres
		SelectTypeParameters=CR_CPU
		MailProg=/bin/true

		AccountingStorageType=accounting_storage/slurmdbd
		AccountingStorageHost=127.0.0.1
		AccountingStoragePort=$(lab_port 1)
		AccountingStoragePass=$LAB_DIR/munge/socket
		$(cluster_store_line)

		SlurmdPidFile=$LAB_DIR/run/slurmd-%n.pid
		SlurmdLogFile=$LAB_DIR/log/slurmd-%n.log
		SlurmdSpoolDir=$LAB_DIR/spool/%n
		SlurmdParameters=config_overrides
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		JobAcctGatherType=jobacct_gather/none

		$(cluster_node_lines "$host")
		PartitionName=critical Nodes=ALL
		PartitionName=open Nodes=ALL Default=YES
		${LAB_SLURM_CONF:-}
	END
	cluster_cgroup_line >"$LAB_DIR/etc/cgroup.conf"
	(umask 077 && cat >"$LAB_SLURMDBD_CONF") <<-END
		AuthType=auth/munge
		AuthInfo=socket=$LAB_DIR/munge/socket
		SlurmUser=slurm
		DbdHost=localhost
		DbdAddr=127.0.0.1
		DbdPort=$(lab_port 1)
		PidFile=$LAB_DIR/run/slurmdbd.pid
		LogFile=$LAB_DIR/log/slurmdbd.log
		StorageType=accounting_storage/mysql
		StorageHost=127.0.0.1
		StoragePort=$LAB_PORT
		StorageUser=slurm
		StoragePass=lab
		StorageLoc=slurm_acct_db
	END
	chown slurm: "$LAB_SLURMDBD_CONF" "$LAB_DIR"/{log,run,state}
}

# Starts slurmdbd, and tells it of the cluster and the users.
cluster_slurmdbd() {
	mariadb_query "
		CREATE USER slurm@127.0.0.1 IDENTIFIED BY 'lab';
		CREATE DATABASE slurm_acct_db;
		GRANT ALL ON slurm_acct_db.* TO slurm@127.0.0.1"
	lab_spawn slurmdbd slurmdbd -D
	lab_wait slurmdbd sacctmgr show cluster
	{
		sacctmgr -i add cluster "$LAB_CLUSTER"
		sacctmgr -i add account acc
		sacctmgr -i add user alice bob account=acc
	} >"$LAB_DIR/log/sacctmgr.out" 2>&1 ||
		lab_die "$(<"$LAB_DIR/log/sacctmgr.out")"
}

# Starts slurmctld.
cluster_slurmctld() {
	lab_spawn slurmctld slurmctld -D
	lab_wait slurmctld scontrol ping
}

# Starts the nodes.
cluster_slurmd() {
	local node
	for node in $(cluster_nodes); do
		lab_spawn "slurmd-$node" slurmd -D -N "$node"
	done
	for node in $(cluster_nodes); do
		lab_wait "slurmd-$node" cluster_node_is_idle "$node"
	done
}

# Succeeds when the node takes jobs.
cluster_node_is_idle() {
	[[ $(sinfo -h -p open -n "$1" -o %t) == idle ]]
}
