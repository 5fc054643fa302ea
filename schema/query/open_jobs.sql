-- Which rows of this cluster were open at the last pass?
SELECT job_db_inx
FROM open_job
WHERE cluster = :cluster;
