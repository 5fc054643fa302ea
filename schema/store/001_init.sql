-- Incidents, what was watched, and where the watcher stands.

-- A job of a protected partition that its owner ended. Rows are inserted and
-- stay; only the columns from restoration on are filled in later. Times are
-- seconds since 1970, UTC; 0 is "not". The words of kind, confidence and
-- phase are those of incident.h.
CREATE TABLE incident (
	incident_id INTEGER PRIMARY KEY AUTOINCREMENT,
	event_id INTEGER NOT NULL,
	cluster TEXT NOT NULL,
	job_id TEXT NOT NULL,
	job_db_inx TEXT NOT NULL,
	id_job INTEGER NOT NULL,
	root_id INTEGER NOT NULL,
	user TEXT NOT NULL,
	uid INTEGER NOT NULL,
	account TEXT NOT NULL,
	partition TEXT NOT NULL,
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
	exempt TEXT NOT NULL DEFAULT '',
	found TEXT NOT NULL,
	late INTEGER NOT NULL DEFAULT 0,
	script_sha256 TEXT NOT NULL DEFAULT '',
	job TEXT NOT NULL,
	restoration TEXT NOT NULL DEFAULT '',
	restored_job_id TEXT NOT NULL DEFAULT '',
	restored_at INTEGER NOT NULL DEFAULT 0,
	acknowledged_by TEXT NOT NULL DEFAULT '',
	acknowledged_at INTEGER NOT NULL DEFAULT 0,
	UNIQUE (cluster, id_job, submitted, kind)
);

CREATE INDEX incident_ended ON incident (ended, incident_id);
CREATE INDEX incident_event ON incident (cluster, root_id, uid, ended);

-- What became known of an incident later. content is JSON: for kind changed,
-- the row as it is now.
CREATE TABLE entry (
	entry_id INTEGER PRIMARY KEY AUTOINCREMENT,
	incident_id INTEGER NOT NULL REFERENCES incident,
	at INTEGER NOT NULL,
	kind TEXT NOT NULL,
	content TEXT NOT NULL
);

CREATE INDEX entry_incident ON entry (incident_id, entry_id);

-- Where the watcher stands with each cluster. last_pass, heard and sweep_next
-- are the database's clock; position, last_end and sweep_at are values of
-- time_end: where the next look at what ended begins, the greatest one seen,
-- where the sweep that is under way stands (0: none is).
CREATE TABLE cluster (
	name TEXT PRIMARY KEY,
	position INTEGER NOT NULL,
	last_end INTEGER NOT NULL,
	last_pass INTEGER NOT NULL,
	heard INTEGER NOT NULL,
	sweep_next INTEGER NOT NULL,
	sweep_at INTEGER NOT NULL
) WITHOUT ROWID;

-- Rows of a job table that had not ended, or not settled, at the last pass.
-- job_db_inx is unsigned 64 bits, kept here as the signed number of the same
-- bits. job is what is remembered of a row that matters, JSON, else empty: it
-- goes when the job is done.
CREATE TABLE open_job (
	cluster TEXT NOT NULL,
	job_db_inx INTEGER NOT NULL,
	job TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (cluster, job_db_inx)
) WITHOUT ROWID;

-- From when to when each cluster was watched, and the gaps between; spans of
-- one cluster do not overlap, but backfilled ones, which may lie over gaps.
-- until 0: a gap that goes on. A job that was lost is a point in time, with
-- what was remembered of it.
CREATE TABLE coverage (
	id INTEGER PRIMARY KEY,
	cluster TEXT NOT NULL,
	since INTEGER NOT NULL,
	until INTEGER NOT NULL,
	how TEXT NOT NULL
		CHECK (how IN ('watched', 'gap', 'backfilled', 'lost')),
	reason TEXT NOT NULL DEFAULT '',
	job TEXT NOT NULL DEFAULT ''
);

CREATE INDEX coverage_cluster ON coverage (cluster, since);

-- A backfill that was begun and has not ended: what lies below at is done. at
-- is a time_end if by_end is set, else a job_db_inx, the signed number of the
-- same bits.
CREATE TABLE backfill (
	cluster TEXT PRIMARY KEY,
	since INTEGER NOT NULL,
	until INTEGER NOT NULL,
	by_end INTEGER NOT NULL,
	at INTEGER NOT NULL
) WITHOUT ROWID;
