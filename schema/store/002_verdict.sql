-- All the kinds of verdict: what else could have caused an incident, which
-- section protects the job, tasks of one array withdrawn at several times, and
-- what became known of a verdict later.

-- Written anew, as SQLite cannot change what is UNIQUE. Rows are inserted and
-- stay; only the columns from correction on are filled in later.
CREATE TABLE incident_new (
	incident_id INTEGER PRIMARY KEY AUTOINCREMENT,
	event_id INTEGER NOT NULL,
	cluster TEXT NOT NULL,
	job_id TEXT NOT NULL,
	job_db_inx TEXT NOT NULL,
	id_job INTEGER NOT NULL,
	root_id INTEGER NOT NULL,
	part TEXT NOT NULL DEFAULT '',
	user TEXT NOT NULL,
	uid INTEGER NOT NULL,
	account TEXT NOT NULL,
	partition TEXT NOT NULL,
	section TEXT NOT NULL DEFAULT '',
	qos TEXT NOT NULL,
	job_name TEXT NOT NULL,
	kind TEXT NOT NULL,
	confidence TEXT NOT NULL
		CHECK (confidence IN ('confirmed', 'suspected')),
	phase TEXT NOT NULL,
	tasks INTEGER NOT NULL,
	submitted INTEGER NOT NULL,
	started INTEGER NOT NULL,
	ended INTEGER NOT NULL,
	detected INTEGER NOT NULL,
	elapsed_s INTEGER NOT NULL,
	cpu_seconds INTEGER NOT NULL,
	gpu_seconds INTEGER NOT NULL,
	state TEXT NOT NULL,
	reason TEXT NOT NULL,
	causes TEXT NOT NULL DEFAULT '',
	exempt TEXT NOT NULL DEFAULT '',
	found TEXT NOT NULL,
	late INTEGER NOT NULL DEFAULT 0,
	script_sha256 TEXT NOT NULL DEFAULT '',
	job TEXT NOT NULL,
	correction TEXT NOT NULL DEFAULT ''
		CHECK (correction IN ('', 'confirmed', 'cleared', 'alive')),
	correction_why TEXT NOT NULL DEFAULT '',
	corrected_at INTEGER NOT NULL DEFAULT 0,
	restoration TEXT NOT NULL DEFAULT '',
	restored_job_id TEXT NOT NULL DEFAULT '',
	restored_at INTEGER NOT NULL DEFAULT 0,
	acknowledged_by TEXT NOT NULL DEFAULT '',
	acknowledged_at INTEGER NOT NULL DEFAULT 0,
	UNIQUE (cluster, id_job, submitted, kind, part)
);

INSERT INTO incident_new (
	incident_id, event_id, cluster, job_id, job_db_inx, id_job, root_id,
	user, uid, account, partition, qos, job_name, kind, confidence, phase,
	tasks, submitted, started, ended, detected, elapsed_s, cpu_seconds,
	gpu_seconds, state, reason, exempt, found, late, script_sha256, job,
	restoration, restored_job_id, restored_at, acknowledged_by,
	acknowledged_at)
SELECT
	incident_id, event_id, cluster, job_id, job_db_inx, id_job, root_id,
	user, uid, account, partition, qos, job_name, kind, confidence, phase,
	tasks, submitted, started, ended, detected, elapsed_s, cpu_seconds,
	gpu_seconds, state, reason, exempt, found, late, script_sha256, job,
	restoration, restored_job_id, restored_at, acknowledged_by,
	acknowledged_at
FROM incident;

DROP TABLE incident;
ALTER TABLE incident_new RENAME TO incident;

CREATE INDEX incident_ended ON incident (ended, incident_id);
CREATE INDEX incident_event ON incident (cluster, root_id, uid, ended);

-- Suspected ones that may still be confirmed or cleared.
CREATE INDEX incident_doubtful ON incident (cluster, ended)
WHERE confidence = 'suspected' AND correction = '';

-- Jobs of protected partitions that were cancelled, and not by their owner:
-- seen once, so that a requester that slurmdbd forgets later is no riddle. uid
-- -1: nobody's, Slurm's own. tasks: how many jobs the row stood for.
CREATE TABLE not_owner (
	cluster TEXT NOT NULL,
	id_job INTEGER NOT NULL,
	submitted INTEGER NOT NULL,
	ended INTEGER NOT NULL,
	partition TEXT NOT NULL,
	uid INTEGER NOT NULL,
	tasks INTEGER NOT NULL,
	why TEXT NOT NULL,
	PRIMARY KEY (cluster, id_job, submitted)
) WITHOUT ROWID;

CREATE INDEX not_owner_ended ON not_owner (ended);
