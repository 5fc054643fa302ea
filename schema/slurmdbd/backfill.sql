-- Which jobs of this piece of the table could have been ended by their owner,
-- and where did they run?
SELECT job_db_inx, `partition` FROM {job_table} FORCE INDEX (PRIMARY)
WHERE job_db_inx >= ? AND job_db_inx < ?
	AND time_end >= ? AND time_end < ?
	AND ((state & 255) = 4 OR kill_requid = id_user)
