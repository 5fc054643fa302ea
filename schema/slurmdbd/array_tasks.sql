-- Which tasks of this array have rows of their own?
SELECT id_array_task FROM {job_table} FORCE INDEX (array_job)
WHERE id_array_job = ? AND time_submit = ? AND id_array_task < 4294967294
