-- Where does the table end? One entry of the primary key.
SELECT MAX(job_db_inx) FROM {job_table}
