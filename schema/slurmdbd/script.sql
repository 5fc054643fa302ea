-- What was this job's script?
SELECT batch_script FROM {job_script_table} WHERE hash_inx = ?
