-- So many jobs ran on this partition and ended in this quarter of an hour. A
-- count never shrinks: jobs that accounting has purged since did run.
INSERT INTO ran (since, cluster, partition, jobs)
VALUES (:since, :cluster, :partition, :jobs)
ON CONFLICT (since, cluster, partition) DO UPDATE SET
	jobs = max(jobs, excluded.jobs);
