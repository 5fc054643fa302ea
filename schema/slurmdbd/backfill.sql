-- Which jobs of this piece of the table could have been ended by their owner,
-- and where were they? What they were submitted for is of interest where their
-- owner cancelled them.
SELECT job_db_inx,
	IF((state & 255) = 4 AND kill_requid = id_user, {submit_line}, ''),
	{place}
FROM {job_table} FORCE INDEX (PRIMARY)
WHERE job_db_inx >= ? AND job_db_inx < ?
	AND time_end >= ? AND time_end < ?
	AND ((state & 255) IN (4, 6) OR (state & 1024)
		OR ((state & 255) = 5 AND ((exit_code & 127) IN ({signals})
			OR EXISTS (SELECT 1 FROM {step_table} AS step
				WHERE step.job_db_inx = {job_table}.job_db_inx
					AND step.kill_requid = id_user)))
		OR kill_requid = id_user)
