-- This row is open.
INSERT OR IGNORE INTO open_job (cluster, job_db_inx)
VALUES (:cluster, :job_db_inx);
