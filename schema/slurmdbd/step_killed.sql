-- When did the last of this job's steps end that this user killed?
SELECT MAX(time_end) FROM {step_table}
WHERE job_db_inx = ? AND kill_requid = ?
