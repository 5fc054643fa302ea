-- Incidents that ended before a time are open no more, nor corrected.
INSERT INTO tally (what, cluster, partition, kind, confidence, n)
SELECT what, cluster, '', kind, confidence, -count(*)
FROM
-- include counts.inc
WHERE ended < :before
	AND what <> 'restored'
GROUP BY 1, 2, 3, 4, 5
ON CONFLICT DO UPDATE SET n = n + excluded.n;
