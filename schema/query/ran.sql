-- How many protected jobs ran and ended in a period, and where? The lists are
-- JSON arrays, NULL for any.
SELECT cluster, partition, sum(jobs)
FROM ran
WHERE since >= :since
	AND since <= :last
	AND (:clusters IS NULL
		OR cluster IN (SELECT value FROM json_each(:clusters)))
	AND (:partitions IS NULL
		OR partition IN (SELECT value FROM json_each(:partitions)))
GROUP BY cluster, partition
ORDER BY cluster, partition;
