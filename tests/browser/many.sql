-- For tests/browser/html.sh: 10,000 incidents of 3,000 users in a year, long
-- names of every script, and numbers as long as they get.
WITH RECURSIVE n (i) AS (
	SELECT 1
	UNION ALL
	SELECT i + 1 FROM n WHERE i < 10000
), timed AS (
	SELECT i, 1735700000 + i * 3000 AS at, i % 3000 AS u FROM n
)
INSERT INTO incident (incident_id, event_id, cluster, job_id, job_db_inx,
	id_job, root_id, user, uid, account, partition, qos, job_name, kind,
	confidence, phase, tasks, submitted, started, ended, detected, elapsed_s,
	cpu_seconds, gpu_seconds, state, reason, exempt, found, job,
	restoration, restored_job_id, restored_at, restored_state,
	acknowledged_by, acknowledged_at, acknowledged_why)
SELECT i, i, iif(i % 2, 'alpha', 'beta'), i || '_[1-1000,2000-3000]', i, i, i,
	CASE u % 4
		WHEN 0 THEN printf('%.60c', 'w') || u
		WHEN 1 THEN 'اسم طويل جدا لمستخدم في هذا النظام الكبير ' || u
		WHEN 2 THEN '非常に長い利用者名がここに入りますので折り返し' || u
		ELSE 'user' || u
	END,
	u, 'account-' || i % 200, 'partition-with-a-long-name-' || i % 60,
	'normal', 'run',
	CASE i % 5 WHEN 0 THEN 'requeue-cancelled' ELSE 'cancelled' END,
	iif(i % 5, 'confirmed', 'suspected'), 'running', 100000, at - 3600,
	at - 3000, at, at + 2, 3000, 3000000000, 300000000, 'CANCELLED',
	'because', iif(i % 100, '', 'exempt_users = u' || i), 'open', '{}',
	iif(i % 3, '', 'requeued'), iif(i % 3, '', i), iif(i % 3, 0, at + i % 600),
	iif(i % 3, '', iif(i % 9, 'completed', 'cancelled again')),
	iif(i % 7, '', 'root'), iif(i % 7, 0, at + 100),
	iif(i % 7, '', printf('%.300c', 'y') || i % 80)
FROM timed;

INSERT INTO coverage (cluster, since, until, how, reason)
VALUES ('alpha', 1735000000, 1745000000, 'watched', ''),
	('alpha', 1745000000, 1746000000, 'gap', printf('%.200c', 'z')),
	('alpha', 1746000000, 1775000000, 'watched', ''),
	('beta', 1735000000, 1775000000, 'watched', '');
