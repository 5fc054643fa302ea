-- What it costs to watch, and running counts of what was recorded, for status
-- and metrics.

-- Its last pass, when a sweep last ended (the database's clock; 0: none has),
-- and what all passes come to.
CREATE TABLE pass (
	cluster TEXT PRIMARY KEY,
	rows INTEGER NOT NULL,
	took_ms INTEGER NOT NULL,
	swept INTEGER NOT NULL,
	passes INTEGER NOT NULL,
	all_rows INTEGER NOT NULL,
	all_ms INTEGER NOT NULL
) WITHOUT ROWID;

-- How many incidents there are, and, of all but open and corrected, ever were; also
-- gap and lost, of coverage. Who writes those moves these: a store has no triggers.
CREATE TABLE tally (
	what TEXT NOT NULL,
	cluster TEXT NOT NULL,
	partition TEXT NOT NULL,
	kind TEXT NOT NULL,
	confidence TEXT NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (what, cluster, partition, kind, confidence)
) WITHOUT ROWID;

INSERT INTO tally
SELECT what, cluster, place, kind, confidence, CAST(total(n) AS INTEGER)
FROM (
SELECT what, cluster,
	iif(what IN ('incident', 'event', 'job') AND instr(partition, ',') = 0,
		partition, '') AS place,
	iif(what IN ('open', 'restored'), '', kind) AS kind,
	CASE what
	WHEN 'exempt' THEN ''
	WHEN 'restored' THEN ''
	WHEN 'corrected' THEN correction
	WHEN 'open' THEN iif(correction = 'confirmed', correction, confidence)
	ELSE confidence
	END AS confidence,
	iif(what = 'job', tasks, 1) AS n
FROM incident
JOIN (
	SELECT column1 AS what
	FROM (VALUES ('incident'), ('event'), ('job'), ('exempt'), ('open'),
		('corrected'), ('restored'))
)
WHERE CASE what
	WHEN 'exempt' THEN exempt <> ''
	WHEN 'corrected' THEN correction <> ''
	WHEN 'restored' THEN restored_at <> 0
	WHEN 'event' THEN exempt = '' AND event_id IN (0, incident_id)
	WHEN 'open' THEN exempt = '' AND restored_at = 0
		AND acknowledged_at = 0 AND correction NOT IN ('cleared', 'alive')
	ELSE exempt = ''
	END
)
GROUP BY 1, 2, 3, 4, 5
UNION ALL
SELECT how, cluster, '', '', '', count(*)
FROM coverage
WHERE how IN ('gap', 'lost')
GROUP BY 1, 2;

-- Those that somebody is bringing back.
CREATE INDEX incident_restoring ON incident (cluster)
WHERE restoration <> '' AND restored_at = 0;

-- Those that are not told any more.
CREATE INDEX alert_given_up ON alert (channel)
WHERE state = 'given-up';
