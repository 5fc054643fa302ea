-- Which rows of this cluster were open at the last pass, and what is remembered
-- of them?
SELECT job_db_inx, job
FROM open_job
WHERE cluster = :cluster;
