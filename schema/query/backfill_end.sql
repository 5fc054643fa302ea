-- The backfill of this cluster has ended.
DELETE FROM backfill
WHERE cluster = :cluster;
