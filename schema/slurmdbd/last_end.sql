-- When did a job end last, by slurmctld's clock? One index entry.
SELECT MAX(time_end) FROM {job_table} FORCE INDEX (rollup2) WHERE time_end <= ?
