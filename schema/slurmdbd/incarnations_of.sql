-- What became of these job numbers, before and after?
SELECT {columns} FROM {job_table} FORCE INDEX (id_job)
WHERE id_job IN ({ids}) ORDER BY id_job, time_submit
