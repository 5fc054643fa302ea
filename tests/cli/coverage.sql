-- Further clusters for tests/cli/report.sh: spans that overlap in every way,
-- jobs that were lost, and what goes on right now.
CREATE TEMP TABLE span (cluster, since, until, how, reason, job);
INSERT INTO span VALUES
	('delta', '2024-11-01', '2024-11-10', 'watched', '', ''),
	('delta', '2024-11-10', '2024-11-12', 'gap',
		'watcher was not running; caught up: 1 incidents, 0 lost jobs',
		''),
	('delta', '2024-11-10 06:00', '2024-11-10 07:00', 'gap', 'nested', ''),
	-- Nothing and less than nothing, as a clock that leaps leaves it.
	('delta', '2024-11-12', '2024-11-12', 'watched', '', ''),
	('delta', '2024-11-14', '2024-11-13', 'gap', 'leap', ''),
	-- What was taken for watched, and turned out not to have been.
	('delta', '2024-11-12', '2024-11-21', 'watched', '', ''),
	('delta', '2024-11-20', '', 'gap', 'database out of reach', ''),
	('delta', '2024-10-25', '2024-11-02', 'backfilled', '', ''),
	('delta', '2024-11-09', '2024-11-11', 'backfilled', '', ''),
	('delta', '2024-11-15 12:00', '2024-11-15 12:00', 'lost',
		'job 31_7 of uid 1001 on critical was deleted',
		json_object('id_job', 40, 'id_array_job', 31, 'id_array_task',
			7, 'id_user', 1001, 'partition', 'critical',
			'job_name', '=1+1' || char(8238), 'time_submit',
			CAST(strftime('%s', '2024-11-14 16:00') AS INTEGER))),
	('delta', '2024-11-15 12:00', '2024-11-15 12:00', 'lost',
		'a job was deleted', ''),
	('eps', '2024-11-01', 'now', 'watched', '', ''),
	('theta', '2024-11-01', 'now', 'watched', '', ''),
	('theta', '2024-11-20', '2024-11-20', 'lost', 'gone', '{}'),
	-- By a clock that is ahead.
	('zeta', '2024-11-01', datetime('now', '+1 hour'), 'watched', '', ''),
	('zeta', datetime('now', '+1 hour'), datetime('now', '+1 hour'),
		'watched', '', ''),
	('zeta', datetime('now', '+1 hour'), '', 'gap', 'server is gone', '');

INSERT INTO coverage (cluster, since, until, how, reason, job)
SELECT cluster, CAST(strftime('%s', since) AS INTEGER),
	ifnull(CAST(strftime('%s', nullif(until, '')) AS INTEGER), 0), how,
	reason, job
FROM span;
