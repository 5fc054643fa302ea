-- How far does a chunk of so many ended jobs reach? Index entries only.
SELECT time_end FROM {job_table} FORCE INDEX (rollup2)
WHERE time_end >= ? AND time_end < ? ORDER BY time_end LIMIT 1 OFFSET ?
