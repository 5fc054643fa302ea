-- Which jobs that ended then could have been ended by their owner? They were
-- cancelled, failed, ran into a time limit, or were requeued.
SELECT {columns} FROM {job_table} FORCE INDEX (rollup2)
WHERE time_end >= ? AND time_end < ?
	AND ((state & 255) IN (4, 5, 6) OR (state & 1024)
		OR kill_requid = id_user)
