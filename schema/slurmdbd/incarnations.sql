-- What became of this job number, before and after?
SELECT {columns} FROM {job_table} FORCE INDEX (id_job)
WHERE id_job = ? ORDER BY time_submit
