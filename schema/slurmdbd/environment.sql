-- What was this job's environment?
SELECT env_vars FROM {job_env_table} WHERE hash_inx = ?
