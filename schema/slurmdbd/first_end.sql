-- When did the first job end that is still there? One index entry.
SELECT MIN(time_end) FROM {job_table} FORCE INDEX (rollup2) WHERE time_end > 0
