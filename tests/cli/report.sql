-- A store for tests/cli/report.sh: what users may type, and a gap.
CREATE TEMP TABLE base AS SELECT
	0 AS incident_id, 0 AS event_id, 'alpha' AS cluster, '' AS job_id,
	'' AS job_db_inx, 0 AS id_job, 0 AS root_id, 'alice' AS user,
	1001 AS uid, 'acc' AS account, 'critical' AS partition,
	'normal' AS qos, 'run' AS job_name, 'cancelled' AS kind,
	'confirmed' AS confidence, 'running' AS phase, 1 AS tasks,
	'' AS submitted, '' AS started, '' AS ended, 2 AS detected,
	0 AS cpus, 0 AS gpus, '' AS exempt, 0 AS late, '' AS restored_job_id,
	'' AS restored_at, '' AS acknowledged_by, '' AS acknowledged_at;
CREATE TEMP TABLE wanted AS SELECT * FROM base WHERE 0;

-- One scancel of an array: a running task, and the four that waited.
INSERT INTO wanted SELECT 1, 1, cluster, '3_1', '9007199254740993', 4, 3, user,
	uid, account, partition, qos, 'naïve-λ', kind, confidence, phase, tasks,
	'2024-11-20 08:00:00', '2024-11-20 08:00:03', '2024-11-22 11:04:08',
	detected, 8, 2, exempt, late, restored_job_id, restored_at,
	acknowledged_by, acknowledged_at FROM base;
INSERT INTO wanted SELECT 2, 1, cluster, '3_[2,4-6]', '9223372036854775809', 3,
	3, user, uid, account, partition, qos, 'naïve-λ', kind, confidence,
	'pending', 4, '2024-11-20 08:00:00', '', '2024-11-22 11:04:08',
	detected, 0, 0, exempt, late, restored_job_id, restored_at,
	acknowledged_by, acknowledged_at FROM base;
-- A formula, restored under its number; found late.
INSERT INTO wanted SELECT 3, 3, cluster, '17', '17', 17, 17, 'bob', 1002,
	account, partition, qos, '=cmd|'' /C calc''!A0', kind, confidence,
	phase, tasks, '2024-11-23 06:00:00', '2024-11-23 06:00:01',
	'2024-11-23 07:00:01', 3600, 4, 0, exempt, 1, '17',
	'2024-11-23 09:00:00', acknowledged_by, acknowledged_at FROM base;
-- What a terminal would act on; another cluster, acknowledged.
INSERT INTO wanted SELECT 4, 4, 'beta', '9+0', '9', 9, 9, 'carol', 1003,
	'physics', 'prod-a', 'high',
	'two' || char(10) || 'lines, "quoted" ' || char(27) || '[31m' ||
		char(8238) || 'live',
	kind, confidence, phase, tasks, '2024-11-24 10:00:00',
	'2024-11-24 10:00:00', '2024-11-24 10:30:00', detected, 2, 0, exempt,
	late, restored_job_id, restored_at, 'root', '2024-11-25 08:00:00'
	FROM base;
-- Only suspected, and a name of 4 KiB.
INSERT INTO wanted SELECT 5, 5, cluster, '21', '21', 21, 21, user, uid,
	account, partition, qos, printf('%.*c', 4096, 'x'), kind, 'suspected',
	phase, tasks, '2024-11-24 11:00:00', '2024-11-24 11:00:00',
	'2024-11-24 12:00:00', detected, 1, 0, exempt, late, restored_job_id,
	restored_at, acknowledged_by, acknowledged_at FROM base;
-- Exempt by the site's rules; a wide name.
INSERT INTO wanted SELECT 6, 6, cluster, '22', '22', 22, 22, 'svc', 900,
	account, partition, qos, '名前😀', kind, confidence, phase, tasks,
	'2024-11-24 11:00:00', '2024-11-24 11:00:00', '2024-11-24 12:00:00',
	detected, 1, 0, 'exempt_users = svc', late, restored_job_id, restored_at,
	acknowledged_by, acknowledged_at FROM base;

INSERT INTO incident (incident_id, event_id, cluster, job_id, job_db_inx,
	id_job, root_id, user, uid, account, partition, qos, job_name, kind,
	confidence, phase, tasks, submitted, started, ended, detected,
	elapsed_s, cpu_seconds, gpu_seconds, state, reason, exempt, found, late,
	job, restoration, restored_job_id, restored_at, acknowledged_by,
	acknowledged_at)
WITH timed AS (
	SELECT *,
		CAST(strftime('%s', submitted) AS INTEGER) AS submitted_s,
		ifnull(CAST(strftime('%s', nullif(started, '')) AS INTEGER), 0)
			AS started_s,
		CAST(strftime('%s', ended) AS INTEGER) AS ended_s
	FROM wanted
), lasted AS (
	SELECT *, iif(started_s, ended_s - started_s, 0) AS lasted_s
	FROM timed
)
SELECT incident_id, event_id, cluster, job_id, job_db_inx, id_job, root_id,
	user, uid, account, partition, qos, job_name, kind, confidence, phase,
	tasks, submitted_s, started_s, ended_s, ended_s + detected, lasted_s,
	cpus * lasted_s, gpus * lasted_s, 'CANCELLED',
	'kill_requid is the owner''s uid', exempt, iif(late, 'sweep', 'open'),
	late,
	json_object('state', 4, 'kill_requid', uid, 'id_user', uid,
		'partition', partition, 'exit_code', 0, 'time_end', ended_s,
		'timelimit', 60, 'nodelist', 'n1', 'tres_alloc', '',
		'submit_line', 'sbatch job.sh'),
	iif(restored_job_id = '', '', 'requeued'), restored_job_id,
	ifnull(CAST(strftime('%s', nullif(restored_at, '')) AS INTEGER), 0),
	acknowledged_by,
	ifnull(CAST(strftime('%s', nullif(acknowledged_at, '')) AS INTEGER), 0)
FROM lasted;

-- The row of incident 3 was looked at again, twice: requeued, and what its user
-- made of the comment.
INSERT INTO entry (incident_id, at, kind, content)
SELECT 3, ended + 3600, 'changed', json_set(job, '$.state', 1024,
	'$.kill_requid', -1, '$.time_end', ended + 60)
FROM incident WHERE incident_id = 3;
INSERT INTO entry (incident_id, at, kind, content)
SELECT 3, at + 3600, 'changed', json_set(content, '$.derived_es',
	char(27) || '[2J' || char(10) || 'gone')
FROM entry;
INSERT INTO entry (incident_id, at, kind, content)
SELECT 3, at + 3600, 'changed', 'no row' || char(7)
FROM entry WHERE entry_id = 2;

-- alpha was watched from before November on, but for two hours of the 10th;
-- beta since the 5th.
INSERT INTO coverage (cluster, since, until, how, reason)
WITH span (cluster, since, until, how, reason) AS (
	VALUES ('alpha', '2024-10-20', '2024-11-10 00:00:00', 'watched', ''),
		('alpha', '2024-11-10 00:00:00', '2024-11-10 02:00:00', 'gap',
		'database out of reach'),
		('alpha', '2024-11-10 02:00:00', '2024-12-05', 'watched', ''),
		('beta', '2024-11-05', '2024-12-05', 'watched', '')
)
SELECT cluster, CAST(strftime('%s', since) AS INTEGER),
	CAST(strftime('%s', until) AS INTEGER), how, reason
FROM span;
