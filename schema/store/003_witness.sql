-- What slurmctld's log said of who asked for what, a second source.

-- How far the log of each cluster was read: JSON, of witness.c's making.
CREATE TABLE witness (
	cluster TEXT PRIMARY KEY,
	position TEXT NOT NULL
) WITHOUT ROWID;

-- A line of it. at is slurmctld's clock; act is one of kill, kill-refused,
-- partition, time-limit and hold; job is as logged (3, 3_[1,4-6], 17+0,
-- 3_1(5)) and id_job the number in front of it. A doubtful one a user may
-- have typed. A line that is read twice is one.
CREATE TABLE witness_line (
	witness_line_id INTEGER PRIMARY KEY,
	cluster TEXT NOT NULL,
	at INTEGER NOT NULL,
	act TEXT NOT NULL,
	job TEXT NOT NULL,
	id_job INTEGER NOT NULL,
	uid INTEGER NOT NULL,
	detail TEXT NOT NULL,
	doubtful INTEGER NOT NULL,
	line TEXT NOT NULL,
	UNIQUE (cluster, id_job, at, act, uid, line)
);

CREATE INDEX witness_line_at ON witness_line (cluster, at);
