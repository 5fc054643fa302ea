-- This row is open; remember this of it.
INSERT INTO open_job (cluster, job_db_inx, job)
VALUES (:cluster, :job_db_inx, :job)
ON CONFLICT (cluster, job_db_inx) DO UPDATE SET
	job = excluded.job;
