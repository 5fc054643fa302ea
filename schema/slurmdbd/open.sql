-- Which jobs have not ended? Index entries only.
SELECT job_db_inx FROM {job_table} FORCE INDEX (rollup2) WHERE time_end = 0
