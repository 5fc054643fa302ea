-- Behind report.sql and verdicts.sql, for tests/cli/compliance.sh and
-- tests/browser/html: what became of jobs, why some were acknowledged, names that
-- are markup or run from right to left, earlier months, and what ran.

-- Restored ones: how soon, and how they are doing.
CREATE TEMP TABLE came_back (incident_id, took_s, now_is);
INSERT INTO came_back VALUES (14, 600, 'completed'), (15, 90, 'running'),
	(17, 7200, 'cancelled again'), (18, 30, 'failed'), (25, 30, '');
UPDATE incident
SET restoration = 'requeued', restored_job_id = job_id,
	restored_at = ended + took_s, restored_state = now_is
FROM came_back
WHERE incident.incident_id = came_back.incident_id;

-- Acknowledged: one reason for two incidents, another for one.
UPDATE incident
SET acknowledged_by = 'root', acknowledged_at = ended + 3600,
	acknowledged_why = 'agreed with <b>the project</b> & "ops"'
WHERE incident_id IN (12, 22);
UPDATE incident
SET acknowledged_by = 'hpcadmin', acknowledged_at = ended + 86400,
	acknowledged_why = '=1+1 by mistake'
WHERE incident_id = 26;

-- Hostile names, one of 60 characters.
UPDATE incident SET user = '<script>alert(1)</script><img src=x onerror=alert(2)>'
	|| '''"&amp;' WHERE incident_id = 13;
UPDATE incident SET user = 'محمد عبد الله بن محمد الفارسي', account = 'بحوث المناخ'
WHERE incident_id = 16;
UPDATE incident SET user = '名前の長い利用者' || char(8238) || 'evil',
	partition = '</td></table><h1>x', account = char(27) || '[31m' || char(10)
WHERE incident_id = 26;
UPDATE incident SET gpu_seconds = 2 * elapsed_s WHERE incident_id IN (14, 17);

-- bob had been at it in two of the months before, alice in one: once exempt and
-- once corrected.
CREATE TEMP TABLE earlier (from_id, to_id, days);
INSERT INTO earlier VALUES (14, 101, 30), (15, 102, 31), (17, 103, 100),
	(12, 104, 60), (24, 105, 40), (23, 106, 40), (18, 107, 30);
CREATE TEMP TABLE more AS
SELECT * FROM incident WHERE incident_id IN (SELECT from_id FROM earlier);
UPDATE more SET incident_id = to_id, event_id = to_id, id_job = to_id,
	root_id = to_id, submitted = submitted - 86400 * days,
	started = iif(started, started - 86400 * days, 0),
	ended = ended - 86400 * days, detected = detected - 86400 * days,
	restored_at = iif(restored_at, restored_at - 86400 * days, 0)
FROM earlier
WHERE incident_id = from_id;
INSERT INTO incident SELECT * FROM more;

-- alpha was not watched for a day, and beta is watched again.
UPDATE coverage SET until = CAST(strftime('%s', '2025-01-20') AS INTEGER)
WHERE until = CAST(strftime('%s', '2025-02-05') AS INTEGER);
INSERT INTO coverage (cluster, since, until, how, reason) VALUES
	('alpha', CAST(strftime('%s', '2025-01-20') AS INTEGER),
		CAST(strftime('%s', '2025-01-21') AS INTEGER), 'gap',
		'database out of reach: <b>Lost</b> connection'),
	('alpha', CAST(strftime('%s', '2025-01-21') AS INTEGER),
		CAST(strftime('%s', '2025-02-05') AS INTEGER), 'watched', ''),
	('beta', CAST(strftime('%s', '2024-12-05') AS INTEGER),
		CAST(strftime('%s', '2025-02-05') AS INTEGER), 'watched', '');
INSERT INTO coverage (cluster, since, until, how, reason, job)
SELECT 'beta', at, at, 'lost', 'a job was deleted',
	json_object('id_job', 40, 'id_user', 1001, 'partition', 'critical',
		'job_name', '<i>&' || char(8238), 'time_submit', at - 3600)
FROM (SELECT CAST(strftime('%s', '2025-01-22 12:00') AS INTEGER) AS at);

-- What ran: in January on every quarter of an hour, in December half as much.
INSERT INTO counted
SELECT column1, CAST(strftime('%s', '2024-11-30') AS INTEGER),
	CAST(strftime('%s', '2025-02-05') AS INTEGER)
FROM (VALUES ('alpha'), ('beta'));
WITH RECURSIVE quarter (since) AS (
	SELECT CAST(strftime('%s', '2024-11-30') AS INTEGER)
	UNION ALL
	SELECT since + 900 FROM quarter
	WHERE since + 900 < CAST(strftime('%s', '2025-02-05') AS INTEGER)
)
INSERT INTO ran
SELECT since, iif(since / 900 % 2, 'alpha', 'beta'),
	iif(since / 900 % 3, 'critical', 'prod-a'),
	iif(since < CAST(strftime('%s', '2025-01-01') AS INTEGER), 1, 2)
FROM quarter;

-- The head of a chain.
INSERT INTO seal
VALUES (1, CAST(strftime('%s', '2025-02-01 06:00') AS INTEGER), 4711,
	x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', '',
	0, NULL, zeroblob(32));
