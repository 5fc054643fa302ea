-- Behind report.sql, for tests/cli/verdicts.sh: a month with every kind of
-- verdict, what became known of some, and jobs that others ended.
CREATE TEMP TABLE verdict (incident_id, job_id, user, kind, confidence, phase,
	tasks, lasted_s, reason, causes, exempt, correction, correction_why);
INSERT INTO verdict VALUES
	(11, '41', 'alice', 'cancelled', 'suspected', 'running', 1, 600,
		'accounting names the job''s owner',
		'the name may be left over', '', '', ''),
	(12, '42', 'alice', 'moved', 'confirmed', 'pending', 1, 0,
		'it was seen on critical before', '', '', '', ''),
	(13, '43', 'bob', 'moved', 'suspected', 'pending', 1, 0,
		'it was submitted for critical',
		'a job_submit plugin or an operator may have moved it', '', '',
		''),
	(14, '44', 'bob', 'rewritten', 'confirmed', 'running', 1, 600,
		'a requeue has overwritten it', '', '', '', ''),
	(15, '45', 'bob', 'signalled', 'confirmed', 'running', 1, 600,
		'its script died of a signal', '', '', '', ''),
	(16, '46', 'bob', 'signalled', 'suspected', 'running', 1, 600,
		'its script died of a signal', 'the script itself', '', '', ''),
	(17, '47', 'bob', 'step-cancelled', 'confirmed', 'running', 1, 600,
		'a step was killed', '', '', '', ''),
	(18, '48_[5-6]', 'carol', 'tasks-withdrawn', 'suspected', 'pending', 2,
		0, 'job 48_[5-6] of carol (uid 1003) was pending when it was '
		|| 'ended: the array waits for these tasks no more, and they '
		|| 'never started.',
		'an operator may have cancelled them, or Slurm itself, for a '
		|| 'dependency; accounting keeps no rows of them', '', '', ''),
	(19, '49', 'carol', 'limit-cut', 'suspected', 'running', 1, 600,
		'it ended at a time limit shorter than the one it had',
		'an operator may have shortened it', '', 'confirmed',
		'slurmctld''s log names the owner'),
	(20, '50', 'carol', 'requeue-cancelled', 'suspected', 'running', 1, 600,
		'it was requeued and never came back', 'an operator', '',
		'alive', 'its row is open again: the job did not end'),
	(21, '51', 'carol', 'unattributed', 'suspected', 'running', 1, 600,
		'accounting does not say by whom', 'a restart of slurmctld', '',
		'cleared', '=1+1' || char(27) || '[31m: the log names uid 0'),
	(22, '52', 'dan', 'stalled', 'suspected', 'suspended', 1, 600,
		'it is suspended', 'an operator', '', '', ''),
	(23, '53', 'dan', 'cancelled', 'confirmed', 'running', 1, 600,
		'accounting names the job''s owner', '', '', 'alive',
		'the job ran on after it was recorded as cancelled'),
	(24, '54', 'svc', 'cancelled', 'confirmed', 'running', 1, 600,
		'accounting names the job''s owner', '', 'exempt_users = svc*',
		'', ''),
	(25, '55', 'dan', 'cancelled', 'confirmed', 'running', 1, 600,
		'accounting names the job''s owner', '', '', '', ''),
	(26, '56', 'dan', 'unattributed', 'suspected', 'running', 1, 600,
		'accounting does not say by whom', 'a restart of slurmctld', '',
		'', ''),
	(27, '57', 'svc', 'cancelled', 'confirmed', 'running', 1, 600,
		'accounting names the job''s owner', '', 'grace = 30s', 'alive',
		'its row is open again');

INSERT INTO incident (incident_id, event_id, cluster, job_id, job_db_inx,
	id_job, root_id, part, user, uid, account, partition, section, qos,
	job_name, kind, confidence, phase, tasks, submitted, started, ended,
	detected, elapsed_s, cpu_seconds, gpu_seconds, state, reason, causes,
	exempt, found, job, correction, correction_why, corrected_at,
	restoration, restored_job_id, restored_at)
WITH timed AS (
	SELECT *, CAST(job_id AS INTEGER) AS id, incident_id * 60
		+ CAST(strftime('%s', '2025-01-15 12:00:00') AS INTEGER) AS at
	FROM verdict
)
SELECT incident_id, incident_id, 'alpha', job_id, job_id, id, id,
	iif(tasks > 1, '5-6', ''), user, 1000 + unicode(user) - 96, 'acc', 'critical',
	iif(id > 46, 'campaign', ''), 'normal', 'run', kind, confidence, phase,
	tasks, at - 3600, iif(lasted_s, at - lasted_s, 0), at, at + 2, lasted_s,
	4 * lasted_s, 0, 'CANCELLED', reason, causes, exempt, 'open',
	json_object('state', 4), correction, correction_why,
	iif(correction = '', 0, at + 90), iif(id = 55, 'requeued', ''),
	iif(id = 55, '55', ''), iif(id = 55, at + 30, 0)
FROM timed;

INSERT INTO entry (incident_id, at, kind, content)
SELECT incident_id, corrected_at, correction,
	json_object('why', correction_why)
FROM incident
WHERE correction <> '';
INSERT INTO entry (incident_id, at, kind, content)
SELECT 25, restored_at, 'restored',
	json_object('how', restoration, 'job_id', restored_job_id)
FROM incident WHERE incident_id = 25;
-- What cannot be read, and what a later version may add.
INSERT INTO entry (incident_id, at, kind, content)
SELECT 25, restored_at + 1, 'restored', '{"how":7}'
FROM incident WHERE incident_id = 25;
INSERT INTO entry (incident_id, at, kind, content)
SELECT 25, restored_at + 2, 'applauded', '{"by":"' || char(27) || '"}'
FROM incident WHERE incident_id = 25;

INSERT INTO not_owner (cluster, id_job, submitted, ended, partition, uid, tasks,
	why)
WITH other (cluster, id_job, ended, partition, uid, tasks, why) AS (
	VALUES ('alpha', 61, '2025-01-01', 'critical', 0, 1,
			'accounting names another (kill_requid)'),
		('alpha', 62, '2025-01-02', 'critical', 0, 40,
			'accounting names another (kill_requid)'),
		('alpha', 63, '2025-01-03', 'critical', 1002, 1,
			'slurmctld''s log names another'),
		('alpha', 64, '2025-01-04', 'critical,open', -1, 2,
			'slurmctld was started without its state, and all jobs '
			|| 'were closed'),
		('alpha', 65, '2025-01-05', 'prod-a', -1, 1,
			'slurmctld gives a reason of its own'),
		('beta', 66, '2025-01-06', 'critical', 0, 1,
			'accounting names another (kill_requid)'),
		('alpha', 67, '2025-02-01', 'critical', 0, 1,
			'accounting names another (kill_requid)')
)
SELECT cluster, id_job, 1, CAST(strftime('%s', ended) AS INTEGER), partition,
	uid, tasks, why
FROM other;

INSERT INTO coverage (cluster, since, until, how)
VALUES ('alpha', CAST(strftime('%s', '2024-12-05') AS INTEGER),
	CAST(strftime('%s', '2025-02-05') AS INTEGER), 'watched');
