-- What do these rows say now?
SELECT {columns} FROM {job_table} WHERE job_db_inx IN ({ids})
