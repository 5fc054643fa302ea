-- How many rows of this cluster are open, and how many of them are remembered?
SELECT count(*), total(job <> '')
FROM open_job
WHERE cluster = :cluster;
