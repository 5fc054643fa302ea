-- Who else cancelled jobs in a period, and why? The lists are JSON arrays, NULL
-- for any.
SELECT uid, why, sum(tasks) AS jobs
FROM not_owner
WHERE ended >= :since
	AND ended <= :last
	AND (:clusters IS NULL
		OR cluster IN (SELECT value FROM json_each(:clusters)))
	AND (:partitions IS NULL OR EXISTS (
		SELECT 1 FROM json_each(:partitions)
		WHERE instr(',' || partition || ',', ',' || value || ',')))
GROUP BY uid, why
ORDER BY jobs DESC, uid, why;
