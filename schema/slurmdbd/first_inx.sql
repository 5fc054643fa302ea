-- Where does the table go on from here? One entry of the primary key.
SELECT MIN(job_db_inx) FROM {job_table} WHERE job_db_inx >= ?
