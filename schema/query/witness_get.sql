-- How far was the log of this cluster read?
SELECT position
FROM witness
WHERE cluster = :cluster;
