-- This row has ended and was judged, or is gone.
DELETE FROM open_job
WHERE cluster = :cluster AND job_db_inx = :job_db_inx;
