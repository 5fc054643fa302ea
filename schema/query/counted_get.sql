-- Which time is counted, of this cluster?
SELECT since, until
FROM counted
WHERE cluster = :cluster;
