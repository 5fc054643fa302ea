-- An incident counts as it is now, or does not as it was.
INSERT INTO tally (what, cluster, partition, kind, confidence, n)
SELECT what, cluster, '', kind, confidence, :sign
FROM
-- include counts.inc
WHERE incident_id = :incident_id
ON CONFLICT DO UPDATE SET n = n + excluded.n;
