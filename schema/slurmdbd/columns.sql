-- Which columns does this cluster's job table have?
SELECT * FROM {job_table} LIMIT 0
