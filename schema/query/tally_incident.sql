-- An incident counts from now on, or does not: all of it if it is new, else what may
-- change.
INSERT INTO tally (what, cluster, partition, kind, confidence, n)
SELECT what, cluster, place, kind, confidence, :sign * n
FROM
-- include counts.inc
WHERE incident_id = :incident_id
	AND (:is_new OR what IN ('open', 'corrected', 'restored'))
ON CONFLICT DO UPDATE SET n = n + excluded.n;
