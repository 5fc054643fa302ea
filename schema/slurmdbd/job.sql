-- Where is this job now? Its row may have got another number.
SELECT {columns} FROM {job_table} FORCE INDEX (id_job)
WHERE id_job = ? AND time_submit = ?
