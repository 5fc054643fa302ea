-- Jobs that ran where it is protected, whoever ended them: so that a report can
-- say how large a share of them their owners ended.

-- How many ended in the quarter of an hour that begins at since, by where they
-- ran. A quarter without any has no row.
CREATE TABLE ran (
	since INTEGER NOT NULL,
	cluster TEXT NOT NULL,
	partition TEXT NOT NULL,
	jobs INTEGER NOT NULL,
	PRIMARY KEY (since, cluster, partition)
) WITHOUT ROWID;

-- Which time is counted, of each cluster. Both ends are those of a quarter of
-- an hour.
CREATE TABLE counted (
	cluster TEXT PRIMARY KEY,
	since INTEGER NOT NULL,
	until INTEGER NOT NULL
) WITHOUT ROWID;
