-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Two years of three clusters for tests/bench/reports, up to December 2026:
-- :incidents of them, by some 500 users, of every kind, a third of them in
-- events of several jobs, with what became of them, and what else a store
-- holds. Runs in the sqlite3 shell on an empty store; makes the same each time.
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -262144;
BEGIN;

-- What looks like chance, from 0 to 9999: odd multipliers, of the roots of
-- primes, keep one such from showing another. A block of 256 has events of one
-- size; those of one event share who and where and how, and are a second apart.
CREATE TEMP TABLE lot AS
WITH RECURSIVE number (i) AS (
	SELECT 0
	UNION ALL
	SELECT i + 1 FROM number WHERE i < :incidents - 1
), sized AS (
	SELECT i, CASE
		WHEN l < 6500 THEN 1
		WHEN l < 8000 THEN 2
		WHEN l < 9200 THEN 8
		WHEN l < 9900 THEN 64
		ELSE 256 END AS size
	FROM (SELECT i, (i >> 8) * 2654435761 % 4294967296 * 10000 >> 32 AS l
		FROM number)
), event AS (
	SELECT i, i - i % size AS e, size FROM sized
)
SELECT i, e, size,
	1732924800 + e * 63072000 / :incidents + (i - e) / 128 AS ended,
	e * 2773480763 % 4294967296 AS c_user,
	e * 1013904243 % 4294967296 * 10000 >> 32 AS l_place,
	e * 1359893119 % 4294967296 * 10000 >> 32 AS l_kind,
	e * 528734635 % 4294967296 * 10000 >> 32 AS l_name,
	i * 2654435761 % 4294967296 * 10000 >> 32 AS l_end,
	i * 1779033703 % 4294967296 * 10000 >> 32 AS l_run,
	i * 3144134277 % 4294967296 * 10000 >> 32 AS l_fate
FROM event;

-- Few users make most of it. Of the names some are what a user should not have
-- typed.
CREATE TEMP VIEW asked AS
SELECT *,
	(c_user >> 16) * (c_user >> 16) * 500 >> 32 AS person,
	iif(l_place < 7000, 'alpha', iif(l_place < 9000, 'beta', 'gamma'))
		AS cluster,
	CASE l_place % 16
		WHEN 0 THEN 'prod-a' WHEN 1 THEN 'prod-b' WHEN 2 THEN 'prod-c'
		WHEN 3 THEN 'gpu-prod' WHEN 4 THEN 'critical,open'
		WHEN 5 THEN 'campaign' ELSE 'critical' END AS partition,
	CASE
		WHEN l_kind < 7500 THEN 'cancelled'
		WHEN l_kind < 8000 THEN 'signalled'
		WHEN l_kind < 8400 THEN 'moved'
		WHEN l_kind < 8700 THEN 'rewritten'
		WHEN l_kind < 8900 THEN 'step-cancelled'
		WHEN l_kind < 9200 THEN 'tasks-withdrawn'
		WHEN l_kind < 9400 THEN 'limit-cut'
		WHEN l_kind < 9600 THEN 'requeue-cancelled'
		WHEN l_kind < 9950 THEN 'unattributed'
		ELSE 'stalled' END AS kind,
	CASE
		WHEN l_name < 9900 THEN substr('relax   md-prod train   postproc'
			|| 'cfd_casewrap    scan    ensemble',
			l_name % 8 * 8 + 1, 8) || '-' || e % 977
		WHEN l_name < 9920 THEN '=cmd|'' /C calc''!A' || i
		WHEN l_name < 9940 THEN 'case "' || i || '", two' || char(10) || 'lines'
		WHEN l_name < 9960 THEN 'naïve-λ ' || i
		WHEN l_name < 9980 THEN 'ensemble ' || CAST(x'e9ff' AS TEXT) || i
		WHEN l_name < 9995 THEN char(27) || '[31m名前😀'
		ELSE printf('%.*c', 1024, 'x') END AS job_name,
	iif(l_end < 3000, 0, (l_run * l_run / 10000 * l_run / 10000) * 60) AS run_s,
	1 << l_place % 7 AS nodes
FROM lot;

CREATE TEMP VIEW known AS
SELECT *,
	i + 100 AS id_job,
	kind IN ('tasks-withdrawn', 'limit-cut', 'requeue-cancelled',
		'unattributed', 'stalled') OR kind = 'signalled' AND l_place & 1
		OR l_kind < 100 AS suspected,
	person % 60 = 7 OR l_place % 100 = 0 AS exempt,
	CASE
		WHEN l_fate < 100 THEN 'alive'
		WHEN l_kind < 8900 THEN ''
		WHEN l_fate < 2000 THEN 'confirmed'
		WHEN l_fate < 3500 THEN 'cleared'
		ELSE '' END AS correction,
	l_fate >= 4000 AND l_fate < 7000 AS restored,
	l_fate >= 6000 AND l_fate < 8500 AS acknowledged,
	CAST(iif(cluster = 'alpha', 9223372036854775807, i + 100) AS TEXT)
		AS job_db_inx
FROM asked;

INSERT INTO incident (event_id, cluster, job_id, job_db_inx, id_job, root_id,
	part, user, uid, account, partition, section, qos, job_name, kind,
	confidence, phase, tasks, submitted, started, ended, detected,
	elapsed_s, cpu_seconds, gpu_seconds, state, reason, causes, exempt,
	found, late, script_sha256, job, correction, correction_why,
	corrected_at, restoration, restored_job_id, restored_at,
	restored_id_job, restored_submitted, restored_state, restored_started,
	restored_ended, acknowledged_by, acknowledged_at)
SELECT e + 1, cluster,
	iif(size > 2, (e + 100) || '_' || (i - e), CAST(id_job AS TEXT)),
	job_db_inx, id_job, e + 100,
	iif(kind = 'tasks-withdrawn', '5-6', ''),
	printf('user%03d', person), 20000 + person,
	printf('acct%02d', person % 40), partition,
	iif(l_place % 5, '', 'campaign'), 'normal', job_name, kind,
	iif(suspected, 'suspected', 'confirmed'),
	iif(run_s, 'running', 'pending'),
	iif(kind = 'tasks-withdrawn', 2, 1),
	ended - run_s - 60 * (l_end + 1), iif(run_s, ended - run_s, 0), ended,
	ended + iif(l_end < 50, 86400, 1 + l_end % 5), run_s,
	run_s * nodes * 64, run_s * iif(l_place % 16 = 3, nodes * 4, 0),
	iif(kind IN ('signalled', 'step-cancelled'), 'FAILED', 'CANCELLED'),
	iif(suspected,
		printf('job %d of user%03d (uid %d) was %s when it was ended: '
			|| 'accounting names nobody, and nothing tells that it '
			|| 'was Slurm itself.', id_job, person, 20000 + person,
			iif(run_s, 'running', 'pending')),
		printf('user%03d (uid %d) ended job %d while it was %s: '
			|| 'accounting names the job''s owner as the one who '
			|| 'cancelled it.', person, 20000 + person, id_job,
			iif(run_s, 'running', 'pending'))),
	iif(suspected, 'an operator may have cancelled it, or Slurm itself, for '
		|| 'a dependency', ''),
	iif(exempt, printf('exempt_users = user%03d', person), ''),
	iif(l_end < 50, 'sweep', iif(l_end < 900, 'recent', 'open')),
	l_end < 50,
	iif(l_kind % 4, printf('%064x', c_user % 5000), ''),
	json_object('job_db_inx', job_db_inx, 'mod_time', ended + 1,
		'id_job', id_job, 'id_array_job', iif(size > 2, e + 100, 0),
		'id_array_task', iif(size > 2, i - e, 4294967294),
		'array_task_pending', 0, 'array_max_tasks', 0,
		'array_task_str', '', 'het_job_id', 0,
		'het_job_offset', 4294967294, 'state', 4,
		'kill_requid', iif(suspected, -1, 20000 + person),
		'exit_code', 15, 'flags', 8, 'restart_cnt', 0,
		'id_user', 20000 + person, 'id_group', 20000 + person % 40,
		'id_assoc', 1000 + person, 'id_qos', 1, 'id_resv', 0,
		'cpus_req', nodes * 64, 'nodes_alloc', iif(run_s, nodes, 0),
		'priority', 100000 + l_run, 'timelimit', 1440,
		'time_submit', ended - run_s - 60 * (l_end + 1),
		'time_eligible', ended - run_s - 60 * (l_end + 1),
		'time_start', ended - run_s, 'time_end', ended,
		'time_suspended', 0, 'mem_req', '9223372036854779708',
		'script_hash_inx', CAST(c_user % 5000 AS TEXT),
		'env_hash_inx', CAST(c_user % 50 AS TEXT),
		'account', printf('acct%02d', person % 40), 'admin_comment', '',
		'constraints', '', 'derived_es', '', 'job_name',
		iif(l_name < 9900, job_name, 'hostile'), 'licenses', '',
		'nodelist', printf('node[%04d-%04d]', l_run % 512,
			l_run % 512 + nodes), 'partition', partition,
		'std_err', '', 'std_in', '/dev/null', 'std_out',
		printf('/scratch/acct%02d/user%03d/case%d/slurm-%%j.out',
			person % 40, person, e % 9973),
		'submit_line', printf('sbatch --partition=%s --nodes=%d '
			|| '--time=1-00:00:00 job.sh', partition, nodes),
		'tres_alloc', printf('1=%d,2=%d,4=%d,5=%d', nodes * 64,
			nodes * 256000, nodes, nodes * 64),
		'tres_req', printf('1=%d,2=%d,4=%d,5=%d', nodes * 64,
			nodes * 256000, nodes, nodes * 64),
		'wckey', '', 'work_dir',
		printf('/scratch/acct%02d/user%03d/case%d', person % 40, person,
			e % 9973)),
	correction,
	CASE correction WHEN '' THEN '' WHEN 'alive'
		THEN 'its row is open again: the job did not end'
		WHEN 'confirmed' THEN 'slurmctld''s log names the owner'
		ELSE '=1+1: slurmctld''s log names uid 0' END,
	iif(correction = '', 0, ended + 90),
	iif(restored, iif(l_fate & 1, 'requeued by watcher', 'requeued'), ''),
	iif(restored, CAST(id_job AS TEXT), ''),
	iif(restored, ended + 60 * (1 + l_run), 0), iif(restored, id_job, 0),
	iif(restored, ended + 60 * (1 + l_run), 0),
	iif(restored, iif(l_fate % 7, 'completed', 'running'), ''),
	iif(restored, ended + 60 * (2 + l_run), 0),
	iif(restored AND l_fate % 7, ended + 60 * (2 + l_run) + run_s, 0),
	iif(acknowledged, iif(l_fate % 3, 'root', 'admin' || l_fate % 5), ''),
	iif(acknowledged, ended + 3600 + l_run, 0)
FROM known
ORDER BY i;

-- What became known later.
INSERT INTO entry (incident_id, at, kind, content)
SELECT incident_id, corrected_at, correction, json_object('why', correction_why)
FROM incident
WHERE correction <> '';
INSERT INTO entry (incident_id, at, kind, content)
SELECT incident_id, restored_at, 'restored',
	json_object('how', restoration, 'job_id', restored_job_id)
FROM incident
WHERE restored_at > 0;
INSERT INTO entry (incident_id, at, kind, content)
SELECT incident_id, restored_at + 5, 'changed',
	json_set(job, '$.state', 1024, '$.kill_requid', -1)
FROM incident
WHERE restored_at > 0 AND incident_id % 3 = 0;

-- What others ended, and what was watched: all but an hour every fortnight.
INSERT INTO not_owner (cluster, id_job, submitted, ended, partition, uid, tasks,
	why)
SELECT cluster, i + 100000000, ended - 3600, ended, partition,
	iif(l_fate < 3000, -1, iif(l_fate < 9000, 0, 20000 + person)), 1,
	iif(l_fate < 3000, 'slurmctld gives a reason of its own',
		'accounting names another (kill_requid)')
FROM asked
WHERE i % 5 = 0;
INSERT INTO coverage (cluster, since, until, how, reason)
WITH RECURSIVE span (at) AS (
	SELECT 1732924800
	UNION ALL
	SELECT at + 1209600 FROM span WHERE at < 1732924800 + 63072000
)
SELECT cluster.value, at + lasts.key * 1206000,
	at + iif(lasts.key, 1209600, 1206000),
	lasts.value, iif(lasts.key, 'database out of reach', '')
FROM span, json_each('["alpha","beta","gamma"]') AS cluster,
	json_each('["watched","gap"]') AS lasts
ORDER BY 1, 2;

COMMIT;
PRAGMA journal_mode = WAL;
