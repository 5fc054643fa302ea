-- What do these open rows say now, of what is remembered of them?
SELECT {watched} FROM {job_table} WHERE job_db_inx IN ({ids})
