-- Which jobs of this piece of the table could have been ended by their owner,
-- and where were they? What they were submitted for is of interest where their
-- owner cancelled them. Of those that FAILED (1) most count only if their owner
-- killed a step (2).
SELECT job_db_inx,
	IF((state & 255) = 4 AND kill_requid = id_user, {submit_line}, ''),
	CASE WHEN (state & 255) <> 5 THEN 0
		WHEN (exit_code & 127) IN ({signals}) THEN 1
		WHEN kill_requid = id_user THEN 1 ELSE 2 END,
	{place}
FROM {job_table} FORCE INDEX (PRIMARY)
WHERE job_db_inx >= ? AND job_db_inx < ?
	AND time_end >= ? AND time_end < ?
	AND ((state & 255) IN (4, 5, 6) OR (state & 1024)
		OR kill_requid = id_user)
