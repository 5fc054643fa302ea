-- Entries become a chain: watcher-chain(7) says what each holds.

ALTER TABLE incident ADD COLUMN acknowledged_why TEXT NOT NULL DEFAULT '';

-- What the chain begins with, in this order, and what chain_begin.c makes
-- entries of: each incident, what became known of it, and the columns that were
-- filled in since. at NULL: now.
CREATE TEMP TABLE adopted (
	n INTEGER PRIMARY KEY,
	incident_id INTEGER NOT NULL,
	at INTEGER,
	kind TEXT NOT NULL,
	content TEXT NOT NULL
);

INSERT INTO adopted (incident_id, at, kind, content)
SELECT incident_id, at, kind, content
FROM (
	SELECT incident_id, 1 AS step, 0 AS entry_id, detected AS at,
		'incident' AS kind, '' AS content
	FROM incident
	UNION ALL
	SELECT incident_id, 2, entry_id, at, kind, content
	FROM entry
	UNION ALL
	SELECT incident_id, 3, 0, NULL, 'adopted',
		json_object('now', json_patch('{}', json_object(
			'script_sha256', nullif(script_sha256, ''),
			'correction', nullif(correction, ''),
			'correction_why', nullif(correction_why, ''),
			'corrected_at', nullif(corrected_at, 0),
			'restoration', nullif(restoration, ''),
			'restored_job_id', nullif(restored_job_id, ''),
			'restored_at', nullif(restored_at, 0),
			'restored_id_job', nullif(restored_id_job, 0),
			'restored_submitted', nullif(restored_submitted, 0),
			'restored_state', nullif(restored_state, ''),
			'restored_started', nullif(restored_started, 0),
			'restored_ended', nullif(restored_ended, 0),
			'acknowledged_by', nullif(acknowledged_by, ''),
			'acknowledged_at', nullif(acknowledged_at, 0))))
	FROM incident
	WHERE correction <> ''
		OR correction_why <> ''
		OR corrected_at <> 0
		OR restoration <> ''
		OR restored_job_id <> ''
		OR restored_at <> 0
		OR restored_id_job <> 0
		OR restored_submitted <> 0
		OR restored_state <> ''
		OR restored_started <> 0
		OR restored_ended <> 0
		OR acknowledged_by <> ''
		OR acknowledged_at <> 0
)
ORDER BY incident_id, step, entry_id;

-- Each span of coverage. The last one of a cluster may go on.
INSERT INTO adopted (incident_id, at, kind, content)
SELECT 0, NULL,
	CASE
	WHEN how = 'watched' AND EXISTS (
		SELECT 1
		FROM coverage AS later
		WHERE later.cluster = coverage.cluster
			AND later.how IN ('watched', 'gap')
			AND later.id > coverage.id) THEN 'watched-ended'
	WHEN how = 'gap' AND until <> 0 THEN 'gap-closed'
	ELSE how
	END,
	json_object('id', id, 'cluster', cluster, 'since', since, 'until',
		until, 'how', how, 'reason', reason, 'job', job)
FROM coverage
ORDER BY id;

INSERT INTO adopted (incident_id, at, kind, content)
SELECT 0, NULL, 'other',
	json_object('cluster', cluster, 'id_job', id_job, 'submitted',
		submitted, 'ended', ended, 'partition', partition, 'uid', uid,
		'tasks', tasks, 'why', why)
FROM not_owner
ORDER BY cluster, id_job, submitted;

-- incident_id 0: of none. salt is NULL, and content empty, once the content was
-- pruned. An entry that was put in by hand and has no hash does not verify.
DROP TABLE entry;
CREATE TABLE entry (
	entry_id INTEGER PRIMARY KEY AUTOINCREMENT,
	incident_id INTEGER NOT NULL,
	at INTEGER NOT NULL,
	kind TEXT NOT NULL,
	content TEXT NOT NULL,
	salt BLOB,
	content_sha256 BLOB NOT NULL DEFAULT x'',
	hash BLOB NOT NULL DEFAULT x''
);

CREATE INDEX entry_incident ON entry (incident_id, entry_id);
CREATE INDEX entry_pruned ON entry (entry_id)
WHERE kind = 'pruned';

-- The head of the chain, and what moves without an entry: lines "CLUSTER SINCE
-- UNTIL" of the spans that are being watched. told_at: when the head was last
-- told to the log. sha256 is that of its line, signature an Ed25519 one, NULL
-- where there is no key.
CREATE TABLE seal (
	seal_id INTEGER PRIMARY KEY CHECK (seal_id = 1),
	at INTEGER NOT NULL,
	entry_id INTEGER NOT NULL,
	hash BLOB NOT NULL,
	spans TEXT NOT NULL,
	told_at INTEGER NOT NULL,
	signature BLOB,
	sha256 BLOB NOT NULL
);

-- Spans begin one after the other, also when a clock leaps.
CREATE INDEX coverage_last ON coverage (cluster, id)
WHERE how IN ('watched', 'gap');
