-- Which jobs that ended then could have been ended by their owner?
SELECT {columns} FROM {job_table} FORCE INDEX (rollup2)
WHERE time_end >= ? AND time_end < ?
	AND ((state & 255) = 4 OR kill_requid = id_user)
