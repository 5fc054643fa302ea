-- Which jobs that ended then had run, and where? They had nodes: a time_start also
-- those have that were cancelled while they waited. One that was resized goes on
-- in another row.
SELECT time_end, `partition`, account, id_qos, id_resv
FROM {job_table} FORCE INDEX (rollup2)
WHERE time_end >= ? AND time_end < ? AND time_start > 0
	AND nodelist NOT IN ('', 'None assigned') AND (state & 8192) = 0
