-- Which backfill of this cluster was begun and has not ended?
SELECT since, until, by_end, at
FROM backfill
WHERE cluster = :cluster;
