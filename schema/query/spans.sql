-- What was watched of this period, and what was not?
SELECT cluster, since, until, how, reason, job
FROM coverage
WHERE (:cluster IS NULL OR cluster = :cluster)
	AND since < :until
	AND (until = 0 OR until >= :since)
ORDER BY cluster, since, id;
