-- Behind report.sql and verdicts.sql, for tests/cli/list.sh: a day of March 2025
-- with events of several incidents, two of them at once, of which some were
-- restored or acknowledged and some not, and wide names.
CREATE TEMP TABLE member (incident_id, event_id, second, job_id, root_id, user,
	partition, job_name, kind, confidence, tasks, lasted_s, restored,
	acknowledged_by);
INSERT INTO member VALUES
	-- An array: two tasks ran and are back, three waited and are not. The
	-- last row came first.
	(31, 30, 1, '70_1', 70, 'erin', 'critical', 'ensemble', 'cancelled',
		'confirmed', 1, 7200, 1, ''),
	(32, 30, 2, '70_2', 70, 'erin', 'critical', 'ensemble', 'cancelled',
		'confirmed', 1, 3600, 1, ''),
	(30, 30, 3, '70_[3-5]', 70, 'erin', 'critical', 'ensemble',
		'cancelled', 'confirmed', 3, 0, 0, ''),
	-- A het job, whose second component is only suspected, and another
	-- user's job between.
	(33, 33, 60, '80+0', 80, 'dan', 'critical', 'coupled "model"',
		'cancelled', 'confirmed', 1, 1800, 0, 'root'),
	(34, 34, 60, '90', 90, '李明', 'prod-a', '名前😀 é|',
		'cancelled', 'confirmed', 1, 60, 0, ''),
	(35, 33, 61, '80+1', 80, 'dan', 'prod-a', 'coupled "model"',
		'cancelled', 'suspected', 1, 1800, 0, 'root'),
	-- Two kinds of one job; dealt with, each in its way.
	(36, 36, 120, '95', 95, 'bob', 'critical', 'a b=c status=restored',
		'step-cancelled', 'confirmed', 1, 600, 1, ''),
	(37, 36, 120, '95', 95, 'bob', 'critical', 'back\slash',
		'cancelled', 'confirmed', 1, 600, 0, 'admin');

INSERT INTO incident (incident_id, event_id, cluster, job_id, job_db_inx,
	id_job, root_id, part, user, uid, account, partition, section, qos,
	job_name, kind, confidence, phase, tasks, submitted, started, ended,
	detected, elapsed_s, cpu_seconds, gpu_seconds, state, reason, causes,
	exempt, found, job, restoration, restored_job_id, restored_at,
	restored_state, restored_started, restored_ended, acknowledged_by,
	acknowledged_at)
WITH timed AS (
	SELECT *, second + CAST(strftime('%s', '2025-03-03 10:00:00') AS INTEGER)
		AS at
	FROM member
)
SELECT incident_id, event_id, 'alpha', job_id, job_id, incident_id, root_id, '',
	user, 1000 + unicode(user) - 96, 'acc', partition, '', 'normal',
	job_name, kind, confidence, iif(lasted_s, 'running', 'pending'), tasks,
	at - 10000, iif(lasted_s, at - lasted_s, 0), at, at + 2, lasted_s,
	8 * lasted_s, 2 * lasted_s, 'CANCELLED',
	'accounting names the job''s owner', '', '', 'open',
	json_object('state', 4, 'nodes_alloc', iif(lasted_s, 4, 0)),
	iif(restored, 'requeued', ''), iif(restored, job_id, ''),
	iif(restored, at + 60, 0), iif(restored, 'completed', ''),
	iif(restored, at + 70, 0), iif(restored, at + 7000, 0), acknowledged_by,
	iif(acknowledged_by = '', 0, at + 3600)
FROM timed;

INSERT INTO entry (incident_id, at, kind, content)
SELECT incident_id, acknowledged_at, 'acknowledged',
	json_object('by', acknowledged_by, 'why', 'agreed on the phone')
FROM incident
WHERE acknowledged_by <> '' AND incident_id >= 30;
